// What a robot sees of the ground, and how high it is above it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A trunk that looks along y, over a floor, a step of .3 m ahead of it and a slope of a height
// field to its left; a roof hangs above it.
constexpr const char* kGroundModel = R"(<mujoco>
  <option timestep="0.005" gravity="0 0 0"/>
  <asset><hfield name="slope" nrow="2" ncol="2" size="1 1 .4 .1" elevation="0 1 0 1"/></asset>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1"/>
    <geom name="step" type="box" size="1 .5 .3" pos="0 1.5 0"/>
    <geom name="slope" type="hfield" hfield="slope" pos="-3 0 0"/>
    <geom name="roof" type="box" size="1 1 .1" pos="0 0 3"/>
    <body name="trunk" pos="0 0 1.5" euler="0 0 90">
      <freejoint/>
      <geom type="box" size=".2 .1 .05" mass="2"/>
      <body name="leg"><joint name="hip" axis="0 1 0"/><geom type="sphere" size=".02" mass=".1"/></body>
    </body>
  </worldbody>
  <actuator><motor name="hip" joint="hip"/></actuator>
</mujoco>)";

constexpr const char* kGroundTask = R"task([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
[[observation]]
term = "height_scan"
body = "trunk"
x = [0, 1.5]
y = [0, 2, 3, 3.5, 100]
[[observation]]
term = "formula"
formula = "above_ground('trunk')"
[[reward]]
term = "alive"
)task";

class RobotGroundTest : public RobotFolderTest {
 protected:
  RobotGroundTest() { Write("robot.xml", kGroundModel); }
};

TEST_F(RobotGroundTest, HeightsAreSeenAboutTheHeading) {
  const auto family = Make(kGroundTask);
  Stage stage(*family);
  stage.Reset(Vector(0), {});
  Vector seen(family->spec().observation_dim);
  ASSERT_EQ(seen.size(), 11);
  stage.Observe(seen);
  EXPECT_NEAR(seen[0], 1.5, 1e-9);  // straight down, not the roof
  // To the left is -x: the field rises with x from 0 at -4 to .4 m at -2.
  EXPECT_NEAR(seen[1], 1.5 - 0.4, 1e-6);
  EXPECT_NEAR(seen[2], 1.5 - 0.2, 1e-6);
  EXPECT_NEAR(seen[3], 1.5 - 0.1, 1e-6);
  EXPECT_NEAR(seen[4], 1.5, 1e-9);  // a plane has no end
  EXPECT_NEAR(seen[5], 1.2, 1e-9);  // the step
  EXPECT_NEAR(seen[10], 1.5, 1e-9);
}

TEST_F(RobotGroundTest, WhereThereIsNoGroundOneSeesAsFarAsOneReaches) {
  std::string model = kGroundModel;
  model.replace(model.find("<geom name=\"floor\" type=\"plane\" size=\"9 9 .1\"/>"), 48, "");
  Write("robot.xml", model);
  const auto family = Make(kGroundTask);
  Stage stage(*family);
  stage.Reset(Vector(0), {});
  Vector seen(family->spec().observation_dim);
  stage.Observe(seen);
  EXPECT_EQ(seen[0], 2);
  EXPECT_EQ(seen[10], 100);
}

TEST_F(RobotGroundTest, AGridThatIsTooLargeIsRefused) {
  std::string task = kGroundTask;
  std::string many = "0";
  for (int i = 1; i < 60; ++i) many += "," + std::to_string(i);
  task.replace(task.find("[0, 1.5]"), 8, "[" + many + "]");
  task.replace(task.find("[0, 2, 3, 3.5, 100]"), 19, "[" + many + "]");
  EXPECT_NE(ErrorOf(task).find(": the grid has more than 1000 points"), std::string::npos);
}

// Where the base is drawn, or the ground is put, it begins as high above it as at the start.
TEST_F(RobotGroundTest, AnEpisodeBeginsAsHighAboveTheGround) {
  const std::string changed = [] {
    std::string model = kGroundModel;
    model.erase(model.find("    <geom name=\"roof\""),
                std::string_view(R"(    <geom name="roof" type="box" size="1 1 .1" pos="0 0 3"/>
)")
                    .size());
    const std::string slope = R"(<geom name="slope" type="hfield" hfield="slope" pos="-3 0 0"/>)";
    model.replace(
        model.find(slope), slope.size(),
        R"(<body name="hill"><geom name="slope" type="hfield" hfield="slope" pos="-3 0 0"/></body>)");
    return model;
  }();
  Write("robot.xml", changed);
  std::string task = kGroundTask;
  const std::string step = "control_dt = 0.02\n";
  task.replace(task.find(step), step.size(), step + "above_ground = true\nplace_noise = 3\n");
  task += "[[place]]\nof = \"hill\"\nper = \"episode\"\nx = [-2, 2]\ny = [-2, 2]\n";
  const auto family = Make(task);
  Stage stage(*family);
  double lowest = 10, highest = 0;
  for (std::int64_t rollout = 0; rollout < 200; ++rollout) {
    stage.Reset(Vector(0), {.iteration = 1, .rollout = rollout});
    EXPECT_NEAR(stage.Observe()[10], 1.5, 1e-6);
    lowest = std::min<double>(lowest, stage.data().qpos[2]);
    highest = std::max<double>(highest, stage.data().qpos[2]);
  }
  EXPECT_NEAR(lowest, 1.5, 1e-9);
  EXPECT_GT(highest, 1.75);  // on the step or high on the hill
}

TEST_F(RobotGroundTest, WithoutGroundOrFreeBaseNoHeightIsKept) {
  const std::string step = "control_dt = 0.02\n";
  std::string task = kGroundTask;
  task.replace(task.find(step), step.size(), step + "above_ground = true\n");
  std::string model = kGroundModel;
  const std::string joint = "<freejoint/>";
  model.replace(model.find(joint), joint.size(), "");
  Write("robot.xml", model);
  EXPECT_NE(ErrorOf(task).find("the model does not begin with a <freejoint>"), std::string::npos);
  Write("robot.xml", kGroundModel);
  EXPECT_NE(ErrorOf(task).find("above where the base starts"), std::string::npos);
  std::string high = kGroundModel;
  const std::string_view roof = R"(size="1 1 .1" pos="0 0 3")";
  high.replace(high.find(roof), roof.size(), R"(size="1 1 30" pos="0 0 25")");  // the base is in it
  Write("robot.xml", high);
  EXPECT_NE(ErrorOf(task).find("above where the base starts"), std::string::npos);
  high.replace(high.find("pos=\"0 0 1.5\""), 13, "pos=\"0 0 57\"");
  Write("robot.xml", high);
  EXPECT_EQ(ErrorOf(task), "");
  task += "[[place]]\nof = \"trunk\"\nper = \"episode\"\nx = [-1, 1]\nevery = 0.1\n";
  EXPECT_NE(ErrorOf(task).find("above_ground = true would not keep"), std::string::npos);
}

}  // namespace
}  // namespace anole
