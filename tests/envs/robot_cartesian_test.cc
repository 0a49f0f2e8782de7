// Actions that move the tip of an arm.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// An arm of six hinges whose servos are strong, and a slide that nothing holds.
constexpr const char* kArm = R"(<mujoco>
  <compiler angle="radian"/>
  <option timestep="0.002" integrator="implicitfast"/>
  <default>
    <geom type="capsule" size=".03" mass=".5" contype="0" conaffinity="0"/>
    <joint armature=".05" range="-3 3"/>
    <position kp="1000" kv="60"/>
  </default>
  <worldbody>
    <body name="a"><joint name="a" axis="0 0 1"/><geom fromto="0 0 0 0 0 .2"/>
      <body name="b" pos="0 0 .2"><joint name="b" axis="0 1 0"/><geom fromto="0 0 0 0 0 .4"/>
        <body name="c" pos="0 0 .4"><joint name="c" axis="0 1 0"/><geom fromto="0 0 0 .3 0 0"/>
          <body name="d" pos=".3 0 0"><joint name="d" axis="1 0 0"/><geom fromto="0 0 0 .1 0 0"/>
            <body name="e" pos=".1 0 0"><joint name="e" axis="0 1 0"/><geom fromto="0 0 0 0 0 -.1"/>
              <body name="f" pos="0 0 -.1"><joint name="f" axis="0 0 1"/><geom fromto="0 0 0 0 0 -.05"/>
                <site name="tip" pos="0 0 -.05"/></body>
            </body></body></body></body></body>
    <body name="cart" pos="2 0 0"><joint name="rail" type="slide" axis="1 0 0"/><geom fromto="0 0 0 .1 0 0"/></body>
  </worldbody>
  <actuator>
    <position name="a" joint="a"/><position name="b" joint="b"/><position name="c" joint="c"/>
    <position name="d" joint="d"/><position name="e" joint="e"/><position name="f" joint="f"/>
    <position name="rail" joint="rail"/><motor name="motor" joint="rail"/>
  </actuator>
</mujoco>)";

class RobotCartesianTest : public RobotFolderTest {
 protected:
  RobotCartesianTest() { Write("robot.xml", kArm); }

  static std::string Task(const std::string& action) {
    return R"([robot]
model = "robot.xml"
control_dt = 0.02
horizon = 200
hold_start = true
[[start]]
joints = "b"
value = 0.5
[[start]]
joints = "e"
value = -0.5
[[action]]
kind = "cartesian_step"
)" + action +
           R"(
[[observation]]
term = "joint_positions"
[[reward]]
term = "action"
)";
  }
  // Where the tip is, in a state of now.
  static Eigen::Vector3d Tip(const Stage& stage) {
    return Eigen::Map<const Eigen::Vector3d>(stage.data().site_xpos);
  }
  static Eigen::Matrix3d Turn(const Stage& stage) {
    return Eigen::Map<const Eigen::Matrix3d>(stage.data().site_xmat);
  }
};

TEST_F(RobotCartesianTest, TheTipGoesWhereItIsSentAndStaysTurned) {
  const auto family = Make(Task("of = \"tip\"\nactuators = \"?\"\nscale = 0.01"));
  ASSERT_EQ(family->spec().action_dim, 3);
  EXPECT_EQ(family->spec().actions[2].actuator, "tip.z");
  // What has to be known to do the same elsewhere.
  ASSERT_EQ(family->spec().action_rules.size(), 1U);
  const ActionRule& rule = family->spec().action_rules[0];
  const auto says = [&](const std::string& name, const std::string& text) {
    return std::ranges::count(rule.options, std::pair(name, text)) == 1;
  };
  EXPECT_TRUE(says("kind", "\"cartesian_step\"") && says("scale", "0.01") && says("of", "\"tip\""));
  EXPECT_FALSE(rule.actuators.empty());
  ASSERT_EQ(rule.numbers.size(), 2U);
  EXPECT_EQ(rule.numbers[0].first, "place");
  EXPECT_EQ(rule.numbers[1].second.size(), 4U);  // how it is turned
  Stage stage(*family);
  for (const Eigen::Vector3d& way :
       {Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, -1, 0), Eigen::Vector3d(-0.5, 0.5, 1)}) {
    stage.Reset(Vector(), {});
    const Eigen::Vector3d begin = Tip(stage);
    const Eigen::Matrix3d turned = Turn(stage);
    for (int t = 0; t < 10; ++t) stage.Step(way);
    for (int t = 0; t < 30; ++t) stage.Step(Vector::Zero(3));
    EXPECT_LT((Tip(stage) - begin - 0.1 * way).norm(), 0.02) << way.transpose();
    EXPECT_LT((Turn(stage) - turned).norm(), 0.03) << way.transpose();
    // It stays, as gravity pulls.
    const Eigen::Vector3d there = Tip(stage);
    for (int t = 0; t < 100; ++t) stage.Step(Vector::Zero(3));
    EXPECT_LT((Tip(stage) - there).norm(), 2e-3);
  }
}

TEST_F(RobotCartesianTest, ItStaysInItsBoxAndOnTheOtherAxes) {
  const auto family =
      Make(Task("of = \"f\"\nactuators = \"?\"\nscale = 0.01\naxes = \"xz\"\nlowest = [-1, 0]\n"
                "highest = [0.6, 5]\nkeeps_turn = false"));
  ASSERT_EQ(family->spec().action_dim, 2);
  Stage stage(*family);
  stage.Reset(Vector(), {});
  const Eigen::Vector3d begin = Eigen::Map<Eigen::Vector3d>(stage.data().xpos + 18);
  ASSERT_LT(begin.x(), 0.55);
  for (int t = 0; t < 60; ++t) stage.Step(Eigen::Vector2d(1, 0));
  const Eigen::Vector3d end = Eigen::Map<Eigen::Vector3d>(stage.data().xpos + 18);
  EXPECT_NEAR(end.x(), 0.6, 0.01);
  EXPECT_NEAR(end.y(), begin.y(), 0.003);
  EXPECT_NEAR(end.z(), begin.z(), 0.01);
}

// Where no servo moves it along an axis, the others do what they can.
TEST_F(RobotCartesianTest, AStretchedArmStaysFinite) {
  const auto family = Make(Task("of = \"tip\"\nactuators = \"?\"\nscale = 0.05"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 150; ++t) ASSERT_FALSE(stage.Step(Eigen::Vector3d(1, 1, 1)).diverged);
  EXPECT_GT(Tip(stage).norm(), 0.8) << "as far as it can";
}

// What holds another part, and motors, are left to other actions.
TEST_F(RobotCartesianTest, ServosThatDoNotMoveItAreFree) {
  const auto family = Make(Task("of = \"tip\"\nscale = 0.01\n[[action]]\nactuators = \"rail\""));
  EXPECT_EQ(family->spec().action_dim, 4);
  std::string model = kArm;
  model.replace(model.find("</actuator>"), 0, "<position name=\"more\" joint=\"b\"/>");
  Write("robot.xml", model);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"")).find("'b' and 'more' hold the same joint"),
            std::string::npos);
}

TEST_F(RobotCartesianTest, NoiseOfTheStartIsNoJump) {
  std::string task = Task("of = \"tip\"\nscale = 0.01\naxes = \"xy\"");
  task.replace(task.find("hold_start"), 0, "position_noise = 0.2\n");
  const auto without_noise = Make(Task("of = \"tip\""));
  Stage calm(*without_noise);
  calm.Reset(Vector(), {});
  const double height = Tip(calm).z();
  const auto family = Make(task);
  Stage stage(*family);
  for (std::int64_t rollout = 0; rollout < 5; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    const Eigen::Vector3d begin = Tip(stage);
    stage.Step(Vector::Zero(2));
    EXPECT_LT((Tip(stage) - begin).norm(), 0.02);
    for (int t = 0; t < 80; ++t) stage.Step(Vector::Zero(2));
    EXPECT_NEAR(Tip(stage).z(), height, 0.02) << "brought back along z";
  }
}

// A target does not run away from a joint at its limit.
TEST_F(RobotCartesianTest, TargetsStayWithinTheLimitsOfJoints) {
  std::string model = kArm;
  model.replace(model.find("name=\"c\" axis=\"0 1 0\""), 21,
                "name=\"c\" axis=\"0 1 0\" range=\"-.2 .2\"");
  Write("robot.xml", model);
  const auto family = Make(Task("of = \"tip\"\nscale = 0.02\nkeeps_turn = false"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 100; ++t) stage.Step(Eigen::Vector3d(1, 0, 1));
  EXPECT_LE(std::abs(stage.data().ctrl[2]), 0.2);
}

TEST_F(RobotCartesianTest, WhatCannotMoveItIsRefused) {
  EXPECT_NE(ErrorOf(Task("of = \"tp\"")).find("did you mean 'tip'?"), std::string::npos);
  EXPECT_NE(
      ErrorOf(Task("of = \"tip\"\nactuators = \"rail\""))
          .find(
              "actuators = \"rail\": none of them is a servo of a hinge or slide that moves 'tip'"),
      std::string::npos);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"\nactuators = \"?\"\nlowest = [1]"))
                .find("must be a number for each of the axes, 3"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"\nscale = 0")).find("must not be 0"), std::string::npos);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"\naxes = \"xx\"")).find("names an axis twice"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"\nactuators = \"b, c\"\nkeeps_turn = false"))
                .find("axes: none of the servos moves 'tip' along y"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Task("of = \"tip\"\nactuators = \"b, c\"\naxes = \"xz\""))
                .find("keeps_turn: cannot be: the servos cannot move 'tip' without turning it"),
            std::string::npos);
  EXPECT_EQ(ErrorOf(Task("of = \"tip\"\nactuators = \"b, c\"\naxes = \"xz\"\nkeeps_turn = false")),
            "");
}

TEST_F(RobotCartesianTest, AStartOutsideOfItsBoxIsTold) {
  EXPECT_TRUE(Make(Task("of = \"tip\""))->spec().warnings.empty());
  const auto warnings =
      Make(Task("of = \"tip\"\naxes = \"z\"\nlowest = [1]\nhighest = [2]"))->spec().warnings;
  ASSERT_EQ(warnings.size(), 1);
  EXPECT_EQ(warnings[0].find("'tip' is at z = "), 0) << warnings[0];
}

}  // namespace
}  // namespace anole
