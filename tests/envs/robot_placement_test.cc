// Where [[place]] puts objects and goals, and what [[start]] says of the start.
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A finger that moves by a motor; a cube on a table that is turned, a goal on it, a guide.
constexpr const char* kTable = R"(<mujoco>
  <compiler angle="radian"/>
  <option timestep="0.005"/>
  <worldbody>
    <body name="table" pos="1 2 .5" euler="0 0 1.5707963267948966">
      <geom type="box" size="2 2 .1"/>
      <site name="goal" pos=".3 0 .1"/>
      <body name="shelf" pos="0 0 1"><geom type="box" size=".1 .1 .01"/></body>
    </body>
    <body name="cube" pos="1 2 .66"><freejoint/><geom type="box" size=".05 .05 .05" mass=".2"/></body>
    <body name="guide" mocap="true" pos="0 0 1"><geom size=".01" contype="0" conaffinity="0"/></body>
    <body name="finger" pos="0 0 3">
      <joint name="slide" type="slide" axis="1 0 0" damping="1"/>
      <geom size=".02" mass=".1"/>
      <site name="tip"/>
    </body>
  </worldbody>
  <actuator>
    <motor name="push" joint="slide" ctrlrange="-2 3"/>
    <position name="hold" joint="slide" kp="50" ctrlrange="-1 1"/>
  </actuator>
</mujoco>)";

std::string TableTask(const std::string& more, const std::string& robot = "") {
  return "[robot]\nmodel = \"robot.xml\"\ncontrol_dt = 0.02\n" + robot + R"(
[[action]]
actuators = "push"
[[observation]]
term = "body_position"
body = "cube"
[[observation]]
term = "site_position"
site = "goal"
[[observation]]
term = "body_position"
body = "guide"
[[reward]]
term = "distance"
of = "cube"
target = "goal"
)" + more;
}

// "task.toml:9:1: of = \"cube\": is ..." without its place.
std::string Problem(const std::string& error) {
  const auto value = error.find(" = ");
  return error.substr(error.find(": ", value == std::string::npos ? 0 : value) + 2);
}

class RobotPlacementTest : public RobotFolderTest {
 protected:
  RobotPlacementTest() { Write("robot.xml", kTable); }
};

TEST_F(RobotPlacementTest, ObjectsAndGoalsArePutWhereTheTaskSays) {
  const auto family = Make(TableTask(R"([[place]]
of = "cube"
x = [0.5, 1.5]
test_x = [1.5, 1.7]
y = [1.5, 2.5]
[[place]]
of = "goal"
relative = true
x = [-0.4, 0.4]
y = [-0.4, 0.4]
apart_from = "cube"
apart = 0.3
[[place]]
of = "guide"
z = [2, 3]
turn = [1, 1]
)"));
  const FamilySpec& spec = family->spec();
  std::string names;
  for (const NamedUnit& parameter : spec.task_parameters) names += parameter.name + " ";
  EXPECT_EQ(names, "cube.x cube.y goal.x goal.y guide.z guide.turn ");
  EXPECT_EQ(spec.task_ranges[0].test.low, 1.5);
  EXPECT_TRUE(family->varies_model()) << "the goal is of the model";

  Stage stage(*family);
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.first = 0, .count = 200});
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) {
    const Vector task = tasks.col(i);
    stage.Reset(task, {.rollout = i});
    const Vector seen = stage.Observe();
    EXPECT_EQ(seen[0], task[0]);
    EXPECT_EQ(seen[1], task[1]);
    EXPECT_NEAR(seen[2], 0.66, 1e-12) << "as at the start";
    // At the start the goal is at .3 along the turned table's own x, which is the world's y.
    EXPECT_NEAR(seen[3], 1 + task[2], 1e-9);
    EXPECT_NEAR(seen[4], 2.3 + task[3], 1e-9);
    EXPECT_NEAR(seen[5], 0.6, 1e-9);
    EXPECT_GE((seen.segment<2>(0) - seen.segment<2>(3)).norm(), 0.3 - 1e-9);
    EXPECT_EQ(seen[8], task[4]);
    EXPECT_NEAR(stage.data().mocap_quat[0], std::cos(0.5), 1e-12);
    EXPECT_NEAR(stage.data().mocap_quat[3], std::sin(0.5), 1e-12);
    stage.Step(Vector::Zero(1));
    const Vector later = stage.Observe();
    EXPECT_NEAR(later[3], seen[3], 1e-12);
    EXPECT_EQ(later[8], task[4]) << "a mocap body stays";
  }
  const Matrix tests = SampleTasks(*family, 1, Phase::kTest, {.first = 0, .count = 20});
  EXPECT_GE(tests.row(0).minCoeff(), 1.5);
}

TEST_F(RobotPlacementTest, SomeLieAndOthersAreRaised) {
  const auto family = Make(TableTask(R"([[place]]
of = "guide"
z = [1.2, 1.6]
z_share = 0.25
x = [-1, 1]
[[place]]
of = "goal"
relative = true
z = [0, 0.2]
z_share = 0.5
)"));
  int raised = 0, lifted = 0;
  for (std::int64_t i = 0; i < 400; ++i) {
    Rng rng = Address{.task = i}.Open(Purpose::kTask);
    const Vector task = family->Sample(rng, {.phase = Phase::kTrain});
    ASSERT_EQ(task.size(), 3) << "x and z of the guide, z of the goal";
    raised += task[1] != 1.2;
    lifted += task[2] != 0;
    EXPECT_TRUE(1.2 <= task[1] && task[1] <= 1.6) << task[1];
    EXPECT_TRUE(0 <= task[2] && task[2] <= 0.2) << task[2];
  }
  EXPECT_NEAR(raised, 100, 35);
  EXPECT_NEAR(lifted, 200, 40);
  EXPECT_NE(ErrorOf(TableTask("[[place]]\nof = \"guide\"\nz = [1, 2]\nz_share = 0\n"))
                .find("z_share = 0"),
            std::string::npos);
}

TEST_F(RobotPlacementTest, PlacesAreDrawnAnewWithinAnEpisode) {
  const auto family = Make(TableTask(R"([[place]]
of = "guide"
per = "episode"
x = [-1, 1]
turn = [0.5, 0.5]
every = 0.1
[[place]]
of = "cube"
per = "episode"
x = [0.8, 1.2]
every = 0.06
every_most = 0.12
)"));
  EXPECT_EQ(family->spec().task_parameters.size(), 0U);
  const Vector task(0);
  Stage stage(*family), again(*family);
  int cubes = 0, early = 0;
  for (std::int64_t rollout = 0; rollout < 10; ++rollout) {
    stage.Reset(task, {.rollout = rollout});
    again.Reset(task, {.rollout = rollout});
    Vector seen = stage.Observe();
    int last = 0;
    for (int t = 1; t <= 20; ++t) {
      stage.Step(Vector::Zero(1));
      again.Step(Vector::Zero(1));
      const Vector next = stage.Observe();
      EXPECT_EQ(next, again.Observe());
      EXPECT_EQ(next[6] != seen[6], t % 5 == 0) << "the guide, after .1 s";
      EXPECT_LE(std::abs(next[6]), 1);
      EXPECT_NEAR(stage.data().mocap_quat[3], std::sin(0.25), 1e-12) << "not turned on and on";
      if (std::abs(next[0] - seen[0]) > 1e-4) {
        EXPECT_TRUE(3 <= t - last && t - last <= 6) << t - last;
        early += t - last < 6;
        last = t;
        ++cubes;
        EXPECT_EQ(next[2], 0.66) << "all else of it is as at the start";
        for (int i = 0; i < 6; ++i) EXPECT_EQ(stage.data().qvel[i], 0);
      }
      seen = next;
    }
  }
  EXPECT_GT(cubes, 30);
  EXPECT_GT(early, 10);
}

TEST_F(RobotPlacementTest, PlacesAreDrawnAnewAfterSuccess) {
  const std::string places = R"([[place]]
of = "guide"
per = "episode"
x = [-1, 1]
z = [1, 1]
after_success = true
[[place]]
of = "cube"
per = "episode"
x = [-1, 1]
y = [0, 0]
apart_from = "guide"
apart = 0.5
after_success = true
)";
  const std::string success = "[[success]]\nterm = \"formula\"\nformula = \"x('guide') > 0\"\n";
  for (const std::string counts : {"end", "ever"}) {
    const auto family = Make(TableTask(places + success, "success_counts = \"" + counts + "\"\n"));
    const Vector task(0);
    Stage stage(*family);
    int draws = 0;
    for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
      stage.Reset(task, {.rollout = rollout});
      Vector seen = stage.Observe();
      bool ever = false;
      for (int t = 0; t < 10; ++t) {
        const bool good = seen[6] > 0;
        ever |= good;
        EXPECT_EQ(stage.Step(Vector::Zero(1)).success, counts == "ever" ? ever : good);
        const Vector next = stage.Observe();
        EXPECT_EQ(next[6] != seen[6], good);
        if (good) {
          EXPECT_GE(std::hypot(next[0] - next[6], next[1] - next[7]), 0.5);
        }
        draws += good;
        seen = next;
      }
    }
    EXPECT_GT(draws, 10);
  }
  EXPECT_EQ(ErrorOf(TableTask(places)),
            "task.toml:25:1: after_success = true: there is no [[success]]");
  const std::string goal = "[[place]]\nof = \"goal\"\nx = [0, 1]\n";
  EXPECT_EQ(Problem(ErrorOf(TableTask(goal + "per = \"episode\"\nevery = 0.1\n"))),
            "is of free and mocap bodies; this one is fixed to the world");
  EXPECT_NE(ErrorOf(TableTask(goal + "every = 0.1\n")).find("every"), std::string::npos);
  EXPECT_EQ(Problem(ErrorOf(TableTask("[[place]]\nof = \"guide\"\nx = [0, 1]\nper = "
                                      "\"episode\"\nevery = 0.03\n"))),
            "must be a multiple of the control step, 0.02 s, or 0");
}

TEST_F(RobotPlacementTest, ABodyMayBeTurnedAboutAnyAxis) {
  const auto family = Make(TableTask(R"([[place]]
of = "cube"
turn = [0.3, 0.3001]
turn_axis = "any"
)"));
  ASSERT_EQ(family->spec().task_parameters.size(), 4U);
  EXPECT_EQ(family->spec().task_parameters[1].name, "cube.axis_x");
  Stage stage(*family);
  Vector task(4);
  task << 0.3, 2, 0, 0;
  stage.Reset(task, {});
  Eigen::Vector4d turned(stage.data().qpos + 3);
  EXPECT_LT((turned - Eigen::Vector4d(std::cos(0.15), std::sin(0.15), 0, 0)).norm(), 1e-12);
  task << 0.3, 0, 0, 0;
  stage.Reset(task, {});
  EXPECT_LT((Eigen::Vector4d(stage.data().qpos + 3) - Eigen::Vector4d(1, 0, 0, 0)).norm(), 1e-12)
      << "about nothing";
  Rng rng = Address().Open(Purpose::kTask);
  task = family->Sample(rng, {.phase = Phase::kTrain});
  EXPECT_GT(task.tail(3).cwiseAbs().minCoeff(), 0);
  EXPECT_LT(task.tail(3).cwiseAbs().maxCoeff(), 1);
  stage.Reset(task, {});
  turned = Eigen::Vector4d(stage.data().qpos + 3);
  EXPECT_NEAR(2 * std::acos(turned[0]), 0.3, 1e-3);
  EXPECT_LT(turned.tail<3>().normalized().cross(task.tail<3>().normalized()).norm(), 1e-9);
}

TEST_F(RobotPlacementTest, TasksMayGoFromNearToFar) {
  const auto family = Make(TableTask(R"([[place]]
of = "cube"
x = [0.5, 1.5]
start_x = [0.9, 1.1]
y = [1.5, 2.5]
test_y = [2, 2.1]
start_y = [1.5, 1.5]
growth_tasks = 1000
)"));
  EXPECT_EQ(family->spec().task_ranges[0].train.low, 0.5) << "told is what it grows to";
  const auto draw = [&](Phase phase, std::int64_t first) {
    return SampleTasks(*family, 1, phase, {.first = first, .count = 300});
  };
  const Matrix half = draw(Phase::kTrain, 500), grown = draw(Phase::kTrain, 5000);
  // Of task 500 the range is [.7, 1.3] and [1.5, 2], of task 799 [.58, 1.42] and [1.5, 2.3].
  EXPECT_LT(half.row(0).minCoeff(), 0.7);
  EXPECT_GE(half.row(0).minCoeff(), 0.58);
  EXPECT_LE(half.row(1).maxCoeff(), 2.3);
  EXPECT_LT(draw(Phase::kTrain, 0).col(0)[0], 1.1);
  EXPECT_EQ(draw(Phase::kTrain, 0).col(0)[1], 1.5);
  EXPECT_LT(grown.row(0).minCoeff(), 0.53);
  EXPECT_GT(grown.row(1).maxCoeff(), 2.47);
  EXPECT_LT(draw(Phase::kValidation, 0).row(0).minCoeff(), 0.53) << "never starts";
  EXPECT_GE(draw(Phase::kTest, 0).row(1).minCoeff(), 2);
}

TEST_F(RobotPlacementTest, EpisodesPutThemAnew) {
  const auto family = Make(TableTask(R"([[place]]
of = "cube"
per = "episode"
x = [0.5, 1.5]
turn = [-3, 3]
[[place]]
of = "shelf"
per = "episode"
z = [1, 2]
)"));
  EXPECT_EQ(family->spec().task_parameters.size(), 0U);
  Stage stage(*family);
  std::vector<double> places, shelves;
  for (std::int64_t rollout = 0; rollout < 10; ++rollout) {
    for (int again = 0; again < 2; ++again) {
      stage.Reset(Vector(), {.rollout = rollout});
      places.push_back(stage.Observe()[0]);
      const int shelf = mj_name2id(&stage.model(), mjOBJ_BODY, "shelf");
      shelves.push_back(stage.data().xpos[3 * shelf + 2]);
    }
    EXPECT_EQ(places.back(), places[places.size() - 2]) << "the address decides";
    EXPECT_EQ(shelves.back(), shelves[shelves.size() - 2]);
    EXPECT_TRUE(1 <= shelves.back() && shelves.back() <= 2);
  }
  std::ranges::sort(places);
  EXPECT_EQ(std::ranges::distance(places.begin(), std::ranges::unique(places).begin()), 10);
}

TEST_F(RobotPlacementTest, WhatCannotBePutIsRefused) {
  const auto error = [&](const std::string& place) {
    return Problem(ErrorOf(TableTask("[[place]]\n" + place)));
  };
  EXPECT_EQ(error("of = \"finger\"\nx = [0, 1]\n"),
            "moves by joints of its own; only a body with a <freejoint>, a mocap body or one "
            "that is fixed to the world can be put elsewhere");
  EXPECT_EQ(error("of = \"tip\"\nx = [0, 1]\n"), "belongs to body 'finger', which moves");
  EXPECT_EQ(error("of = \"cub\"\nx = [0, 1]\n"),
            "no site or body of that name in robot.xml; did you mean 'cube'?");
  EXPECT_EQ(error("of = \"cube\"\n"), "one of x, y, z and turn must say where it is put");
  EXPECT_EQ(error("of = \"cube\"\nx = [1, 0]\n"), "the lowest value is above the highest");
  EXPECT_EQ(error("of = \"cube\"\nx = [0, 1]\nstart_x = [0, 2]\ngrowth_tasks = 5\n"),
            "must lie within x = [0.0, 1.0]");
  EXPECT_EQ(error("of = \"cube\"\nx = [0, 1]\nstart_x = [0, 0.5]\n"),
            "growth_tasks: must be set: how soon start_x becomes x");
  EXPECT_EQ(error("of = \"cube\"\nx = [0, 1]\nstart_y = [0, 0.5]\ngrowth_tasks = 5\n"),
            "without y");
  EXPECT_EQ(error("of = \"goal\"\nturn = [0, 1]\n"),
            "is of free and mocap bodies; this one is fixed to the world");
  EXPECT_EQ(error("of = \"cube\"\nx = [0, 1]\n[[place]]\nof = \"cube\"\nx = [0, 1]\n"),
            "another [[place]] puts it somewhere");
  EXPECT_EQ(error("of = \"cube\"\nx = [0, 0.1]\napart_from = \"goal\"\napart = 9\n"),
            "leaves no room: of 1000 draws none is so far from 'goal'");
  EXPECT_EQ(error("of = \"cube\"\ny = [0, 1]\n[[place]]\nof = \"goal\"\nper = \"episode\"\nx = [0, "
                  "1]\napart_from = \"cube\"\n"),
            "is drawn at another moment: both must be per = \"task\", or both per "
            "episode and of one kind, fixed or not");
  const std::string redrawn =
      "of = \"guide\"\nper = \"episode\"\nx = [0, 1]\nevery = 1\n[[place]]\n";
  EXPECT_EQ(error(redrawn + "of = \"cube\"\nper = \"episode\"\nx = [0, 1]\nevery = 2\n"
                            "apart_from = \"guide\"\n"),
            "is drawn anew at other moments, and would not keep away: every, every_most, times "
            "and after_success must be those of 'guide'");
}

TEST_F(RobotPlacementTest, NothingIsPutTwice) {
  const auto error = [&](const std::string& more) { return Problem(ErrorOf(TableTask(more))); };
  EXPECT_EQ(error("[[place]]\nof = \"table\"\nx = [0, 1]\n[[place]]\nof = \"goal\"\nx = [0, 1]\n"),
            "and 'table', which another [[place]] puts somewhere, are fixed to each other");
  EXPECT_EQ(error("[[place]]\nof = \"shelf\"\nx = [0, 1]\n[[place]]\nof = \"table\"\nx = [0, 1]\n"),
            "and 'shelf', which another [[place]] puts somewhere, are fixed to each other");
  EXPECT_EQ(
      error("[[place]]\nof = \"goal\"\nx = [0, 1]\n[[randomize]]\nfield = \"place_x\"\ntarget = "
            "\"table\"\noperation = \"add\"\nrange = [0, 1]\n"),
      "'goal' is put somewhere by a [[place]]; it, or what it is fixed to, cannot be moved as "
      "well");
  EXPECT_NE(ErrorOf(TableTask("[[command]]\nname = \"cube.x\"\nrange = [0, 1]\n[[place]]\nof = "
                              "\"cube\"\nx = [0, 1]\n"))
                .find("two parameters of a task are called 'cube.x'"),
            std::string::npos);
  EXPECT_EQ(
      error("[[randomize]]\nfield = \"mass\"\ntarget = \"cube\"\noperation = \"add\"\nrange = "
            "[-0.15, 0]\nper = \"episode\"\n[[randomize]]\nfield = \"mass\"\ntarget = \"cube\"\n"
            "operation = \"add\"\nrange = [-0.15, 0]\n"),
      "with other [[randomize]] of it would make the mass of 'cube' -0.100000");
}

TEST_F(RobotPlacementTest, APartIsTheSameByWhateverName) {
  const auto error = [&](const std::string& more) { return Problem(ErrorOf(TableTask(more))); };
  const std::string episode = "per = \"episode\"\n", cube = "[[place]]\nof = \"cube\"\n" + episode;
  EXPECT_EQ(error(cube + "x = [0, 1]\n[[place]]\nof = \"#3\"\n" + episode + "x = [5, 6]\n"),
            "another [[place]] puts it somewhere");
  EXPECT_EQ(error(cube + "x = [0, 1]\nevery = 1\n[[place]]\nof = \"guide\"\n" + episode +
                  "x = [0, 1]\nevery = 2\napart_from = \"#3\"\n"),
            "is drawn anew at other moments, and would not keep away: every, every_most, times "
            "and after_success must be those of 'cube'");
  EXPECT_EQ(error(cube +
                  "x = [0, 1]\napart_from = \"guide\"\napart = 0.1\n[[place]]\nof = "
                  "\"guide\"\n" +
                  episode + "x = [0, 1]\n"),
            "is what 'cube' of an earlier [[place]] keeps away from; put it before that");
  EXPECT_EQ(error(cube + "x = [0, 1]\napart_from = \"#3\"\n"),
            "is what is put somewhere here, or on it");
  EXPECT_EQ(error("[[place]]\nof = \"table\"\nx = [0, 1]\n[[place]]\nof = \"cube\"\nx = [0, "
                  "1]\napart_from = \"goal\"\n"),
            "is on 'table', which an earlier [[place]] puts somewhere: name that");
}

TEST_F(RobotPlacementTest, RoomIsLookedForWhileRangesGrow) {
  const std::string error = Problem(ErrorOf(TableTask(R"([[place]]
of = "cube"
per = "episode"
x = [0, 1]
start_x = [0, 0]
growth_iterations = 4
[[place]]
of = "guide"
per = "episode"
x = [-10, 10]
y = [2, 2]
start_x = [1, 1]
growth_iterations = 1000000
apart_from = "cube"
apart = 0.9
)")));
  EXPECT_EQ(error,
            "leaves no room: of 1000 draws none is so far from 'cube' after 1 of the growth");
}

TEST_F(RobotPlacementTest, WhatIsOnABodyIsPutBackWithIt) {
  std::string model = kTable;
  model.replace(
      model.find("size=\".05 .05 .05\" mass=\".2\"/>"), 0,
      "size=\".05 .05 .05\" mass=\".2\"/><body name=\"lid\"><joint name=\"lid\" axis=\"0 0 "
      "1\"/><geom pos=\".1 0 0\" ");
  const auto cut = model.find("size=\".05 .05 .05\" mass=\".2\"/></body>");
  model.replace(cut, std::string("size=\".05 .05 .05\" mass=\".2\"/></body>").size(),
                "size=\".02\" mass=\".1\"/></body></body>");
  model.replace(model.find("</actuator>"), 0, "<motor name=\"spin\" joint=\"lid\"/>");
  Write("robot.xml", model);
  std::string task = TableTask(
      "[[place]]\nof = \"cube\"\nper = \"episode\"\nx = [0, 1]\nz = [3, 3]\nevery = 0.1\n"
      "[[reward]]\nterm = \"joint_acceleration\"\njoints = \"lid\"\n");
  task.replace(task.find("\"push\""), 6, "\"spin\"");
  const auto family = Make(task);
  Stage stage(*family);
  stage.Reset(Vector(), {});
  const int lid = mj_name2id(&stage.model(), mjOBJ_JOINT, "lid");
  double first_cost = 0;
  for (int t = 1; t <= 10; ++t) {
    stage.Step(Vector::Constant(1, 0.01));
    const double angle = stage.data().qpos[stage.model().jnt_qposadr[lid]];
    const double speed = stage.data().qvel[stage.model().jnt_dofadr[lid]];
    EXPECT_EQ(angle == 0, t % 5 == 0) << t;
    EXPECT_EQ(speed == 0, t % 5 == 0) << t;
    const double cost = stage.reward_terms()[1];
    if (t == 1) first_cost = cost;
    EXPECT_NEAR(cost / first_cost, 1, 0.3) << "to be put back is no acceleration, " << t;
  }
  EXPECT_LT(first_cost, -1e-3);
}

TEST_F(RobotPlacementTest, WhatHasNoRoomIsAsFarAsItCanBe) {
  const auto family = Make(TableTask(R"([[place]]
of = "cube"
per = "episode"
x = [0, 0.1]
[[place]]
of = "guide"
per = "episode"
x = [0.8, 1.1]
y = [2, 2]
apart_from = "cube"
apart = 0.4
every = 0.04
)"));
  Stage stage(*family);
  for (std::int64_t rollout = 0; rollout < 5; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    const Eigen::Index cube = 0;  // its joint is the first
    stage.Step(Vector::Zero(1));
    stage.data().qpos[cube] = 1;  // somebody pushes it into the way
    stage.Step(Vector::Zero(1));
    EXPECT_NEAR(stage.data().mocap_pos[0], 0.8, 0.01);
  }
}

// What a [[place]] does not say stays as noise has made it.
TEST_F(RobotPlacementTest, APlaceLeavesTheRestAlone) {
  std::string text = TableTask("[[place]]\nof = \"cube\"\nz = [0.9, 0.9]\n", "place_noise = 0.4\n");
  const auto family = Make(text);
  Stage stage(*family);
  double farthest = 0;
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector::Constant(1, 0.9), {.rollout = rollout});
    const Vector seen = stage.Observe();
    EXPECT_EQ(seen[2], 0.9);
    farthest = std::max(farthest, std::abs(seen[0] - 1));
  }
  EXPECT_GT(farthest, 0.2);
}

// A motor that an action commands as a servo holds the pose of action 0 meanwhile.
TEST_F(RobotPlacementTest, SettlingHoldsWhatActionsHold) {
  std::string text = TableTask("[[start]]\njoints = \"slide\"\nvalue = 0.5\n", "settle = 1\n");
  text.replace(text.find("actuators = \"push\""), 18,
               "actuators = \"push\"\nkind = \"position\"\nstiffness = 4\ndamping = 1\n");
  const auto task = Read(text);
  const mjModel& model = *task->robot.model;
  const int slide = model.jnt_qposadr[mj_name2id(&model, mjOBJ_JOINT, "slide")];
  // The other servo on this joint pulls it to 0: 4 (.5 - q) = 50 q.
  EXPECT_NEAR(task->robot.start.qpos[slide], 4 * 0.5 / 54, 1e-3);
}

TEST_F(RobotPlacementTest, AStartIsSaidByParts) {
  const auto task = Read(TableTask(R"([[start]]
joints = "slide"
value = 0.4
noise = 0.3
[[start]]
actuators = "hold"
value = 0.2
[[start]]
body = "guide"
position = [1, 2, 3]
orientation = [0, 2, 0, 0]
[[start]]
body = "cube"
position = [1, 2, 0.8]
)",
                                   "position_noise = 0.01\n"));
  const RobotStart& start = task->robot.start;
  const mjModel& model = *task->robot.model;
  const int slide = model.jnt_qposadr[mj_name2id(&model, mjOBJ_JOINT, "slide")];
  EXPECT_EQ(start.qpos[slide], 0.4);
  EXPECT_EQ(start.noise.uniform[slide], 0.3);
  EXPECT_EQ(start.ctrl, Vector(Eigen::Vector2d(0, 0.2)));
  EXPECT_EQ(start.mocap_pos, Vector(Eigen::Vector3d(1, 2, 3)));
  EXPECT_EQ(start.mocap_quat, Vector(Eigen::Vector4d(0, 1, 0, 0)));
  EXPECT_EQ(start.qpos.head<3>(), Vector(Eigen::Vector3d(1, 2, 0.8)));

  const auto error = [&](const std::string& more) {
    return Problem(ErrorOf(TableTask("[[start]]\n" + more)));
  };
  EXPECT_EQ(error("value = 1\n"),
            "joints: one [[start]] is of joints, of actuators, of a body or of a keyframe");
  EXPECT_EQ(error("actuators = \"hold\"\nvalue = 1.5\n"),
            "is outside of the ctrlrange of actuator 'hold'");
  EXPECT_EQ(error("body = \"finger\"\nposition = [0, 0, 0]\n"),
            "is neither a mocap body nor one with a <freejoint>");
  EXPECT_EQ(error("body = \"cube\"\nposition = [0, 0]\n"), "must be three numbers");
  EXPECT_EQ(error("body = \"cube\"\norientation = [0, 0, 0, 0]\n"), "must not be zeros");
}

// The cube falls to the table, where it then lies still at the start of each episode.
TEST_F(RobotPlacementTest, NoiseOfTheStartMayBeNormalAndServosHoldIt) {
  std::string limited = kTable;
  const std::string joint = "axis=\"1 0 0\"";
  limited.replace(limited.find(joint), joint.size(), joint + " range=\"-0.3 0.5\"");
  Write("robot.xml", limited);
  const std::string start =
      "[[start]]\njoints = \"slide\"\nvalue = 0.2\nnoise = 0.2\nnoise_kind = \"normal\"\n";
  const auto family = Make(TableTask(start, "hold_start = true\n")), plain = Make(TableTask(start));
  Stage stage(*family), other(*plain);
  const int slide =
      stage.family().model().jnt_qposadr[mj_name2id(&stage.family().model(), mjOBJ_JOINT, "slide")];
  double sum = 0, squares = 0;
  int clipped = 0, within = 0;
  constexpr int kEpisodes = 2000;
  for (std::int64_t rollout = 0; rollout < kEpisodes; ++rollout) {
    stage.Reset(Vector(0), {.rollout = rollout});
    other.Reset(Vector(0), {.rollout = rollout});
    const double place = stage.data().qpos[slide];
    EXPECT_GE(place, -0.3);
    EXPECT_LE(place, 0.5);
    EXPECT_EQ(stage.data().ctrl[1], place);
    EXPECT_EQ(other.data().ctrl[1], 0) << "of the start";
    EXPECT_EQ(other.data().qpos[slide], place);
    clipped += place == 0.5;
    within += std::abs(place - 0.2) < 0.2;
    sum += place;
    squares += (place - 0.2) * (place - 0.2);
  }
  EXPECT_NEAR(static_cast<double>(within) / kEpisodes, 0.683, 0.04);
  EXPECT_NEAR(static_cast<double>(clipped) / kEpisodes, 0.067, 0.02);
  EXPECT_NEAR(sum / kEpisodes, 0.2, 0.03);
  EXPECT_NEAR(squares / kEpisodes, 0.035, 0.01);
}

TEST_F(RobotPlacementTest, AStartMaySettle) {
  const auto family = Make(TableTask("", "settle = 2\n"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  EXPECT_NEAR(stage.Observe()[2], 0.65, 1e-3);
  EXPECT_NEAR(stage.data().qvel[2], 0, 1e-3);
  EXPECT_EQ(stage.data().time, 0);
}

}  // namespace
}  // namespace anole
