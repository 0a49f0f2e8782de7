// How episodes of robots begin: in all that a keyframe says.
#include <cmath>
#include <cstdint>
#include <string>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A leg that an action commands, an arm that none does, a hand that follows a mocap body.
constexpr const char* kLimbs = R"(<mujoco>
  <option timestep="0.004" gravity="0 0 -9.81"/>
  <default><geom contype="0" conaffinity="0"/></default>
  <worldbody>
    <body name="guide" mocap="true" pos="0 0 1"><geom type="sphere" size=".01"/></body>
    <body name="leg">
      <joint name="leg" axis="0 1 0" damping="1"/>
      <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".02" mass=".5"/>
    </body>
    <body name="arm" pos="0 1 0">
      <joint name="arm" axis="0 1 0" damping="1" armature=".01"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
    </body>
    <body name="tail" pos="0 2 0">
      <joint name="tail" axis="0 1 0" damping="1" armature=".01"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
    </body>
    <body name="late" pos="0 3 0">
      <joint name="late" axis="0 1 0" damping="1" armature=".01"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
    </body>
  </worldbody>
  <actuator>
    <motor name="leg" joint="leg"/>
    <position name="arm" joint="arm" kp="300" kv="10"/>
    <position name="tail" joint="tail" kp="300" kv="10" timeconst="0.5"/>
    <position name="late" joint="late" kp="300" kv="10" delay="0.04" nsample="20"/>
  </actuator>
  <keyframe>
    <key name="zero"/>
    <key name="stowed" time="7" qpos="0.1 1.5 -1.2 0.8" qvel="0.2 0 0 0" ctrl="9 1.5 -1.2 0.8"
         act="-1.2" mpos="1 2 3" mquat="0 1 0 0"/>
    <key qpos="0.4 0 0 0"/>
  </keyframe>
</mujoco>)";

std::string StartTask(const std::string& robot) {
  return "[robot]\nmodel = \"robot.xml\"\ncontrol_dt = 0.02\n" + robot + R"(
[[action]]
actuators = "leg"
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";
}

class RobotStartTest : public RobotFolderTest {
 protected:
  RobotStartTest() { Write("robot.xml", kLimbs); }
};

TEST_F(RobotStartTest, AKeyframeIsHonouredInAllThatItSays) {
  const auto family = Make(StartTask("keyframe = \"stowed\"\nvelocity_noise = 0.1"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  const mjData& data = stage.data();
  EXPECT_EQ(data.time, 0) << "an episode's time is its own";
  EXPECT_EQ(Eigen::Vector4d(data.qpos), Eigen::Vector4d(0.1, 1.5, -1.2, 0.8));
  EXPECT_NEAR(data.qvel[0], 0.2, 0.1);
  EXPECT_NE(data.qvel[0], 0.2);
  EXPECT_EQ(data.act[0], -1.2);
  EXPECT_EQ(Eigen::Vector3d(data.mocap_pos), Eigen::Vector3d(1, 2, 3));
  EXPECT_EQ(Eigen::Vector4d(data.mocap_quat), Eigen::Vector4d(0, 1, 0, 0));
}

TEST_F(RobotStartTest, WhatNoActionCommandsIsHeldThroughout) {
  for (const char* rewrite : {"auto", "off"}) {
    const auto family = Make(StartTask("keyframe = \"stowed\""),
                             std::string("model_rewrite = \"") + rewrite + "\"\n");
    Stage stage(*family);
    for (int episode = 0; episode < 2; ++episode) {  // whatever the one before has left
      stage.Reset(Vector(), {});
      for (int t = 0; t < 150; ++t) {
        stage.Step(Vector::Constant(1, 0.3));
        ASSERT_NEAR(stage.data().qpos[1], 1.5, 0.02) << t;
        ASSERT_NEAR(stage.data().qpos[2], -1.2, 0.02) << "its activation begins as told " << t;
        ASSERT_NEAR(stage.data().qpos[3], 0.8, 0.02) << "its delayed control, too " << t;
      }
      EXPECT_EQ(stage.data().ctrl[0], 0.3);
      EXPECT_EQ(stage.data().ctrl[1], 1.5);
      stage.data().ctrl[1] = 7;
    }
  }
}

TEST_F(RobotStartTest, WithoutAKeyframeControlsAreMujocosOwn) {
  const auto family = Make(StartTask(""));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  stage.Step(Vector::Constant(1, 0.3));
  EXPECT_EQ(stage.data().ctrl[0], 0.3);
  for (int i = 1; i < 4; ++i) EXPECT_EQ(stage.data().ctrl[i], 0);
  EXPECT_EQ(Eigen::Vector3d(stage.data().mocap_pos), Eigen::Vector3d(0, 0, 1));
}

TEST_F(RobotStartTest, AKeyframeWithoutANameIsChosenByItsNumber) {
  const auto task = Read(StartTask("keyframe = \"#2\""));
  EXPECT_EQ(task->robot.start.qpos[0], 0.4);
  EXPECT_EQ(ErrorOf(StartTask("keyframe = \"#3\"")),
            "task.toml:4:1: keyframe = \"#3\": no keyframe of that name in robot.xml; did you mean "
            "'#2'?");
  EXPECT_EQ(ErrorOf(StartTask("keyframe = \"home\"")),
            "task.toml:4:1: keyframe = \"home\": no keyframe of that name in robot.xml; known: "
            "zero, stowed, #2");
}

TEST_F(RobotStartTest, SomeEpisodesBeginWithOtherKeyframes) {
  const std::string others = R"(keyframe = "zero"
position_noise = 0.01
[[start]]
keyframe = "#2"
share = 0.3
[[start]]
joints = "tail"
value = -0.5
[[start]]
keyframe = "stowed"
share = 0.2
)";
  const auto family = Make(StartTask(others));
  Stage stage(*family);
  double second = 0, stowed = 0;
  for (std::int64_t rollout = 0; rollout < 500; ++rollout) {
    stage.Reset(Vector(), {.iteration = 1, .rollout = rollout});
    const double leg = stage.data().qpos[0], tail = stage.data().qpos[2];
    if (leg > 0.3) {
      second += 1;
      EXPECT_NEAR(tail, 0, 0.01);
    } else if (leg > 0.05) {
      stowed += 1;
      EXPECT_EQ(stage.data().qvel[0], 0.2);
      EXPECT_EQ(stage.data().mocap_pos[1], 2);
    } else {
      EXPECT_NEAR(tail, -0.5, 0.01);
    }
  }
  EXPECT_NEAR(second / 500, 0.3, 0.06);
  EXPECT_NEAR(stowed / 500, 0.2, 0.06);
  const auto wrong = [&](const std::string& start) {
    return ErrorOf(StartTask("[[start]]\n" + start));
  };
  EXPECT_NE(wrong("keyframe = \"stowedd\"\n").find("did you mean 'stowed'"), std::string::npos);
  EXPECT_NE(wrong("keyframe = \"zero\"\njoints = \"leg\"\n").find("one [[start]] is of"),
            std::string::npos);
  EXPECT_NE(wrong("keyframe = \"zero\"\nshare = 0.6\n[[start]]\nkeyframe = \"#2\"\n")
                .find("more than 1 together"),
            std::string::npos);
}

TEST_F(RobotStartTest, TurnNoiseTurnsTheVelocityWithTheBase) {
  Write("robot.xml", R"(<mujoco><option gravity="0 0 0"/><worldbody>
    <body name="trunk"><freejoint/><geom size=".1" mass="1"/>
      <body><joint name="leg"/><geom size=".05" mass=".1"/></body></body></worldbody>
    <actuator><motor name="leg" joint="leg"/></actuator>
    <keyframe><key name="moves" qvel="1 0 0.5 0 0 0 0"/></keyframe></mujoco>)");
  const auto family = Make(StartTask("keyframe = \"moves\"\nturn_noise = 3\n"));
  Stage stage(*family);
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector(), {.iteration = 1, .rollout = rollout});
    const double angle = 2 * std::atan2(stage.data().qpos[6], stage.data().qpos[3]);
    EXPECT_NEAR(stage.data().qvel[0], std::cos(angle), 1e-12);
    EXPECT_NEAR(stage.data().qvel[1], std::sin(angle), 1e-12);
    EXPECT_EQ(stage.data().qvel[2], 0.5);
  }
}

}  // namespace
}  // namespace anole
