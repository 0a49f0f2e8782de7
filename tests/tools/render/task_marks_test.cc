// What pictures say of a robot's task is what its terms measure.
#include "tools/render/task_marks.h"

#include <fmt/format.h>

#include "agents/control/rollout.h"
#include "tests/envs/robot_folder.h"
#include "tools/render/replay.h"

namespace anole::render {
namespace {

// An arm whose first body is a pedestal that stands elsewhere.
constexpr const char* kArm = R"(<mujoco>
  <option timestep="0.005"/>
  <default><geom contype="0" conaffinity="0"/></default>
  <worldbody>
    <body name="pedestal" pos="0 .3 0"><geom type="box" size=".1 .1 .1"/></body>
    <body name="upper" pos="0 0 .5">
      <joint name="shoulder" axis="0 1 0" damping="1"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
      <body name="lower" pos=".3 0 0">
        <joint name="elbow" axis="0 0 1" damping="1"/>
        <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".2"/>
        <site name="hand" pos=".3 0 .02"/>
      </body>
    </body>
    <site name="shelf" pos=".2 .3 .9"/>
  </worldbody>
  <actuator><motor joint="shoulder" gear="4"/><motor joint="elbow" gear="2"/></actuator>
</mujoco>)";

std::string Task(const std::string& of, const std::string& target) {
  std::string text = R"([robot]
model = "robot.xml"
control_dt = 0.02
horizon = 30
display = "point"
)";
  for (const char* name : {"load", "x", "y", "z"}) {
    text += "[[command]]\nname = \"" + std::string(name) + "\"\nrange = [-0.5, 1]\n";
  }
  return text + R"([[action]]
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
[[reward]]
term = "distance"
of = ")" +
         of + "\"\ntarget = \"" + target + "\"\n";
}

struct Case {
  std::string of, target;
  int axes;  // that count; 0: the target is a site
};

class TaskMarksTest : public RobotFolderTest {};

TEST_F(TaskMarksTest, ThePointIsThatOfTheDistanceThatIsRewarded) {
  Write("robot.xml", kArm);
  for (const Case& test :
       {Case{"hand", "x, y, z", 3}, {"hand", "x, y", 2}, {"lower", "x", 1}, {"hand", "shelf", 0}}) {
    const auto family = Make(Task(test.of, test.target));
    const FamilySpec& spec = family->spec();
    const Vector task = SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0);
    const PolicyShape shape{.network = MlpShape(spec.observation_dim, {}, spec.action_dim)};
    const ControlPolicy<float> policy(
        shape, Vector::Zero(shape.size()), Vector::Zero(spec.action_dim),
        {Vector::Zero(spec.observation_dim), Vector::Ones(spec.observation_dim)});
    Worker worker(*family, policy);
    Episode episode(spec);
    const Address address{.seed = 1};
    Rollout(task, policy, Exploration::kStochastic, address, worker, episode);
    ASSERT_EQ(episode.length, 30);

    Replay replay(*family, task, address, episode);
    const TaskMarks marks(*family, *family->PicturedModel(), task);
    while (!replay.done()) {
      replay.Step();
      const double distance = -episode.reward_terms(1, replay.steps() - 1);
      const std::vector<CaptionLine> achieved = marks.Achieved(replay.view());
      ASSERT_EQ(achieved.size(), 1U);
      EXPECT_EQ(achieved[0].name, "distance");
      EXPECT_EQ(achieved[0].value, fmt::format("{:.2f} m", distance)) << test.target;
    }
    EXPECT_EQ(spec.display->followed().kind, test.of == "hand" ? mjOBJ_SITE : mjOBJ_BODY);
    const mjvGeom target = marks.Geoms(replay.view()).front();
    const Eigen::Vector3d thing = replay.view().path().back();
    Eigen::Vector3d expected = thing;
    for (int i = 0; i < test.axes; ++i) expected[i] = task[1 + i];
    if (test.axes == 2) expected.z() = 0.002;  // a disc on the floor
    if (test.axes == 0) expected = Eigen::Vector3d(0.2, 0.3, 0.9);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(target.pos[i], expected[i], 1e-6) << test.target;
    const mjvGeom trail = marks.Geoms(replay.view()).back();  // ends at the thing
    EXPECT_NEAR(trail.pos[0], thing.x(), 0.1);
    EXPECT_NEAR(trail.pos[2], thing.z(), 0.1);
  }
}

// Of which body a velocity is shown is what the reward says, too.
TEST_F(TaskMarksTest, TheVelocityIsThatOfTheBodyThatIsRewarded) {
  Write("robot.xml", kArm);
  std::string text = Task("hand", "x, y, z");
  text.replace(text.find("\"point\""), 7, "\"velocity_x\"");
  text += "[[reward]]\nterm = \"track_velocity\"\ncommand = \"load\"\nbody = \"lower\"\n";
  const auto family = Make(text);
  EXPECT_EQ(family->spec().display->followed().id,
            mj_name2id(&family->model(), mjOBJ_BODY, "lower"));
}

TEST_F(TaskMarksTest, APointNeedsADistance) {
  Write("robot.xml", kArm);
  std::string text = Task("hand", "x");
  text = text.substr(0, text.rfind("[[reward]]"));
  EXPECT_EQ(ErrorOf(text),
            "task.toml:5:1: display = \"point\": shows what a [[reward]] or [[success]] of term "
            "\"distance\" brings to its target; there is none");
}

}  // namespace
}  // namespace anole::render
