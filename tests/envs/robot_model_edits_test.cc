// What a task file changes of its model: actuators and contact pairs that it lacks, and which
// geoms touch.
#include <cmath>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A ball over a floor, and an arm of two joints without motors, as a URDF has them.
constexpr const char* kEditsModel = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1"/>
    <body name="ball" pos="0 0 .2"><freejoint/><geom name="ball" type="sphere" size=".1" mass="1"/>
    </body>
    <body name="upper" pos="2 0 1">
      <joint name="shoulder" axis="0 1 0" armature=".1" damping="1"/>
      <geom name="upper" type="capsule" fromto="0 0 0 .3 0 0" size=".03" mass=".3"/>
      <body name="lower" pos=".3 0 0">
        <joint name="elbow" axis="0 1 0" armature=".1" damping="1"/>
        <geom name="lower" type="capsule" fromto="0 0 0 .3 0 0" size=".03" mass=".2"/>
      </body>
    </body>
  </worldbody>
</mujoco>)";

std::string EditsTask(const std::string& robot, const std::string& more) {
  return "[robot]\nmodel = \"robot.xml\"\ncontrol_dt = 0.02\n" + robot + more +
         "[[observation]]\nterm = \"joint_positions\"\n[[reward]]\nterm = \"alive\"\n";
}

constexpr const char* kEditsServos = R"([[actuator]]
joints = "shoulder, elbow"
kp = 200
kd = 10
force_limit = 30
[[action]]
kind = "position"
scale = 0.5
)";

class RobotModelEditsTest : public RobotFolderTest {
 protected:
  RobotModelEditsTest() { Write("robot.xml", kEditsModel); }
};

TEST_F(RobotModelEditsTest, ServosThatTheModelLacksHoldTheirJoints) {
  const auto family = Make(EditsTask("", kEditsServos));
  ASSERT_EQ(family->spec().action_dim, 2);
  EXPECT_EQ(family->spec().actions[1].actuator, "elbow");
  EXPECT_EQ(family->model().actuator_forcerange[3], 30);
  Stage stage(*family);
  stage.Reset(Vector(0), {});
  Vector terms(1), seen(2);
  for (int i = 0; i < 150; ++i) stage.Step(Eigen::Vector2d(-1, 0.6), terms);
  stage.Observe(seen);
  EXPECT_NEAR(seen[0], -0.5, 0.02);  // a little less, as gravity pulls
  EXPECT_NEAR(seen[1], 0.3, 0.02);
  // Pictures show the same robot.
  EXPECT_EQ(family->PicturedModel()->nactuator, 2);
}

TEST_F(RobotModelEditsTest, MotorsHaveTheRangeThatReachesTheirForce) {
  const auto family = Make(EditsTask("", R"([[actuator]]
joints = "shoulder"
kind = "motor"
gear = 5
force_limit = 20
[[actuator]]
joints = "elbow"
kind = "velocity"
kd = 3
control_range = [-2, 2]
[[action]]
)"));
  const mjModel& model = family->model();
  ASSERT_EQ(model.nactuator, 2);
  EXPECT_EQ(model.actuator_ctrlrange[1], 4);
  EXPECT_EQ(model.actuator_gear[0], 5);
  EXPECT_EQ(model.actuator_ctrlrange[3], 2);
  EXPECT_EQ(model.actuator_gainprm[mjNGAIN], 3);
}

TEST_F(RobotModelEditsTest, OnlyWhatCollidesTouches) {
  const auto height = [&](const std::string& robot) {
    const auto family = Make(EditsTask(robot, kEditsServos) + R"([[observation]]
term = "body_position"
body = "ball"
axes = "z"
)");
    Stage stage(*family);
    stage.Reset(Vector(0), {});
    Vector terms(1), seen(3);
    for (int i = 0; i < 50; ++i) stage.Step(Vector::Zero(2), terms);
    stage.Observe(seen);
    return seen[2];
  };
  EXPECT_NEAR(height(""), 0.1, 0.01);
  EXPECT_NEAR(height("colliding = \"floor, ball\"\n"), 0.1, 0.01);
  EXPECT_LT(height("colliding = \"floor, lower\"\n"), -1);
}

TEST_F(RobotModelEditsTest, MistakesAreToldWithTheirPlace) {
  const auto error = [&](const std::string& robot, const std::string& actuators) {
    return ErrorOf(EditsTask(robot, actuators + std::string("[[action]]\n")));
  };
  EXPECT_EQ(
      error("", "[[actuator]]\njoints = \"sholder\"\nkp = 1\n"),
      "task.toml:5:1: joints = \"sholder\": no joint 'sholder' to choose in robot.xml; did you "
      "mean 'shoulder'?");
  EXPECT_EQ(error("", "[[actuator]]\njoints = \"elbow\"\n"), "task.toml:4:1: kp: must be above 0");
  EXPECT_EQ(error("",
                  "[[actuator]]\njoints = \"elbow\"\nkp = 1\n[[actuator]]\njoints = \"*\"\n"
                  "kind = \"motor\"\n"),
            "task.toml:8:1: joints = \"*\": 'elbow' has an earlier [[actuator]]");
  EXPECT_EQ(error("", "[[actuator]]\njoints = \"elbow\"\nkind = \"motor\"\nkp = 1\n").substr(0, 18),
            "task.toml:7:1: kp ");
  EXPECT_EQ(
      error("colliding = \"foor\"\n", kEditsServos),
      "task.toml:4:1: colliding = \"foor\": no geom 'foor' to choose in robot.xml; did you mean "
      "'floor'?");
}

TEST_F(RobotModelEditsTest, PairsTouchWhateverElseDoes) {
  // All geoms are told to touch nothing, but the ball has a pair with the floor.
  const std::string pair = "[[pair]]\ngeoms = \"ball\"\nwith = \"floor\"\n";
  const std::string robot = "colliding = \"upper\"\n";
  const auto falling = Make(EditsTask(robot, kEditsServos));
  const auto lying = Make(EditsTask(robot, kEditsServos + pair));
  const auto fall = [](const TaskFamily& family) {
    Stage stage(family);
    stage.Reset(Vector(0), {});
    for (int i = 0; i < 100; ++i) stage.Step(Vector::Zero(2));
    return stage.data().qpos[2];
  };
  EXPECT_LT(fall(*falling), -5);
  EXPECT_NEAR(fall(*lying), 0.1, 0.01);
  EXPECT_EQ(lying->PicturedModel()->npair, 1);

  const auto told =
      Make(EditsTask(robot, kEditsServos + pair + "condim = 4\nfriction = [0.3, 0.02]\n"));
  const ModelPtr model = told->PicturedModel();
  ASSERT_EQ(model->npair, 1);
  EXPECT_EQ(model->pair_dim[0], 4);
  const Vector friction = Eigen::Map<const Vector>(model->pair_friction, 5);
  EXPECT_EQ(friction, (Vector(5) << 0.3, 0.3, 0.02, 0.0001, 0.0001).finished());
}

TEST_F(RobotModelEditsTest, PairsThatCannotBeAreRefused) {
  const auto error = [&](const std::string& pair) {
    return ErrorOf(EditsTask("", kEditsServos + ("[[pair]]\n" + pair)));
  };
  EXPECT_NE(error("geoms = \"bal\"\nwith = \"floor\"\n").find("did you mean 'ball'?"),
            std::string::npos);
  EXPECT_NE(error("geoms = \"ball\"\nwith = \"ball\"\n").find("geoms of one body only"),
            std::string::npos);
  EXPECT_NE(error("geoms = \"ball\"\nwith = \"floor\"\ncondim = 2\n")
                .find("condim = 2: must be 0, 1, 3, 4 or 6"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
