// Episodes of robots that begin with a fall.
#include <algorithm>
#include <cmath>
#include <set>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A flat box with a leg, on a floor.
constexpr const char* kDropped = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1"/>
    <body name="trunk" pos="0 0 .05">
      <freejoint/>
      <geom type="box" size=".2 .1 .05" mass="2"/>
      <body name="leg" pos=".2 0 0">
        <joint name="hip" axis="0 1 0" range="-40 60" armature=".01" damping="1"/>
        <geom type="capsule" fromto="0 0 0 .2 0 0" size=".02" mass=".1"/>
        <body name="toe" pos=".2 0 0">
          <joint name="toe" axis="0 1 0" armature=".01" damping="1"/>
          <geom type="sphere" size=".02" mass=".1"/>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator><motor name="motor" joint="hip" gear="2" ctrlrange="-1 1"/></actuator>
</mujoco>)";

std::string DropTask(const std::string& drop) {
  return R"([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
[[drop]]
)" + drop;
}

class RobotDropTest : public RobotFolderTest {
 protected:
  RobotDropTest() { Write("robot.xml", kDropped); }
};

TEST_F(RobotDropTest, ATurnedBodyPointsAnywhereAlike) {
  const auto family =
      Make(DropTask("body = \"trunk\"\nshare = 0.6\nheight = [0.4, 0.6]\njoints = \"hip\"\n"));
  Stage stage(*family);
  int dropped = 0;
  constexpr int kEpisodes = 2000;
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero(), squares = Eigen::Matrix3d::Zero();
  double least = 9, most = -9;
  for (std::int64_t rollout = 0; rollout < kEpisodes; ++rollout) {
    stage.Reset(Vector(0), {.rollout = rollout});
    const mjData& data = stage.data();
    if (data.qpos[2] == 0.05) {
      EXPECT_EQ(data.qpos[3], 1) << "as at the start";
      EXPECT_EQ(data.qpos[7], 0);
      continue;
    }
    ++dropped;
    EXPECT_GE(data.qpos[2], 0.45);
    EXPECT_LE(data.qpos[2], 0.65);
    EXPECT_NEAR(Eigen::Vector4d(data.qpos + 3).norm(), 1, 1e-12);
    least = std::min(least, data.qpos[7]);
    most = std::max(most, data.qpos[7]);
    const Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>> axes(data.xmat + 9);
    sum += axes;
    squares += axes.cwiseAbs2();
  }
  EXPECT_NEAR(dropped, 0.6 * kEpisodes, 70);
  EXPECT_NEAR(least, -40 * M_PI / 180, 0.02);
  EXPECT_NEAR(most, 60 * M_PI / 180, 0.02);
  // Each number of a rotation that is as likely as any other has mean 0 and variance 1/3.
  EXPECT_LT((sum / dropped).cwiseAbs().maxCoeff(), 0.07);
  EXPECT_LT((squares / dropped - Eigen::Matrix3d::Constant(1.0 / 3)).cwiseAbs().maxCoeff(), 0.05);
}

TEST_F(RobotDropTest, PhysicsGoesOnBeforeTheEpisodeBegins) {
  const auto family = Make(DropTask("body = \"trunk\"\nheight = [0.4, 0.4]\nsettle = 1.5\n"));
  Stage stage(*family);
  std::set<int> ups;
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector(0), {.rollout = rollout});
    const mjData& data = stage.data();
    EXPECT_EQ(data.time, 0);
    EXPECT_GT(data.ncon, 0) << "it lies on the floor";
    EXPECT_LT(data.qpos[2], 0.25);
    EXPECT_LT(Eigen::Vector3d(data.qvel).norm(), 0.3);
    ups.insert(static_cast<int>(std::round(data.xmat[9 + 8])));
    const Vector before = Eigen::Map<const Vector>(data.qpos, 9);
    stage.Reset(Vector(0), {.rollout = rollout});
    EXPECT_EQ((Eigen::Map<const Vector>(stage.data().qpos, 9)), before) << "bit by bit";
  }
  EXPECT_TRUE(ups.contains(1) && ups.contains(-1)) << "on its feet and on its back";
}

TEST_F(RobotDropTest, ServosHoldTheJointsAsTheyAre) {
  const std::string servo = "[[actuator]]\njoints = \"hip\"\nkp = 100\nkd = 3\n";
  const std::string drop = "body = \"trunk\"\nheight = [1, 1]\njoints = \"hip\"\n";
  const auto family = Make(DropTask(drop + servo)),
             settled = Make(DropTask(drop + "settle = 0.3\n" + servo));
  for (std::int64_t rollout = 0; rollout < 5; ++rollout) {
    Stage stage(*family), later(*settled);
    stage.Reset(Vector(0), {.rollout = rollout});
    later.Reset(Vector(0), {.rollout = rollout});
    EXPECT_NE(stage.data().qpos[7], 0);
    EXPECT_EQ(stage.data().ctrl[1], stage.data().qpos[7]);
    EXPECT_NEAR(later.data().qpos[7], stage.data().qpos[7], 0.02) << "while it falls";
    EXPECT_LT(later.data().qpos[2], stage.data().qpos[2]);
  }
}

TEST_F(RobotDropTest, JointsMayBeAnywhereThatServosReach) {
  const std::string drop = "body = \"trunk\"\njoints = \"toe\"\nwithin = \"controls\"\n";
  std::string model = kDropped;
  const std::string motors = "<actuator>";
  model.replace(model.find(motors), motors.size(),
                motors + "<position name=\"toe\" joint=\"toe\" kp=\"9\" ctrlrange=\"-.2 .7\"/>");
  Write("robot.xml", model);
  const auto family = Make(DropTask(drop));
  Stage stage(*family);
  double least = 9, most = -9;
  for (std::int64_t rollout = 0; rollout < 500; ++rollout) {
    stage.Reset(Vector(0), {.rollout = rollout});
    least = std::min(least, stage.data().qpos[8]);
    most = std::max(most, stage.data().qpos[8]);
  }
  EXPECT_NEAR(least, -0.2, 0.02);
  EXPECT_NEAR(most, 0.7, 0.02);
  Write("robot.xml", kDropped);
  EXPECT_NE(ErrorOf(DropTask(drop)).find("'toe' has no servo whose controls are limited"),
            std::string::npos);
}

TEST_F(RobotDropTest, PhysicsThatBlowsUpIsDrawnAgain) {
  // A hard floor throws it out from so far below that physics diverges.
  std::string model = kDropped;
  const std::string floor = "name=\"floor\"", place = "pos=\"0 0 .05\"";
  model.replace(model.find(place), place.size(), "pos=\"0 0 2\"");
  model.replace(model.find(floor), floor.size(), floor + " solref=\"-1e15 0\"");
  Write("robot.xml", model);
  const auto family = Make(DropTask("body = \"trunk\"\nheight = [-900, -800]\nsettle = 1\n"));
  Stage stage(*family);
  stage.Reset(Vector(0), {});
  EXPECT_EQ(stage.data().qpos[2], 2) << "without drops, in the end";
  EXPECT_FALSE(stage.Step(Vector::Zero(1)).diverged);
}

TEST_F(RobotDropTest, WhatCannotBeDroppedIsRefused) {
  EXPECT_NE(ErrorOf(DropTask("body = \"leg\"\n")).find("has no <freejoint>"), std::string::npos);
  EXPECT_NE(ErrorOf(DropTask("body = \"trunk\"\njoints = \"toe\"\n"))
                .find("'toe' has no limits in the model"),
            std::string::npos);
  EXPECT_NE(ErrorOf(DropTask("body = \"trunk\"\nheight = [1, 0]\n"))
                .find("the lowest value is above the highest"),
            std::string::npos);
  EXPECT_NE(ErrorOf(DropTask("body = \"trunk\"\nsettle = 0.03\n"))
                .find("must be a multiple of the control step"),
            std::string::npos);
  EXPECT_NE(ErrorOf(DropTask("body = \"trunk\"\nshare = 0\n")).find("share = 0"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
