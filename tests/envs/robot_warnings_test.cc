// What is possible in a robot's task file, but probably not meant.
#include "envs/robot/task_warnings.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

std::string Model(const std::string& actuator) {
  return R"(<mujoco><compiler autolimits="true"/><worldbody><body name="arm">
    <joint name="j" axis="0 1 0" damping="1"/>
    <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".5"/>
  </body></worldbody><actuator>)" +
         actuator + "</actuator></mujoco>";
}

std::string Task(const std::string& action, const std::string& rest) {
  return "[robot]\nmodel = \"robot.xml\"\ncontrol_dt = 0.02\n[[command]]\nname = \"v\"\nrange = "
         "[0, 1]\n[[action]]\n" +
         action + "\n[[observation]]\nterm = \"joint_positions\"\n" + rest;
}

const std::string kAlive = "[[reward]]\nterm = \"alive\"\n";
const std::string kTilt = "[[termination]]\nterm = \"tilt\"\nbody = \"arm\"\n";

class RobotWarningsTest : public RobotFolderTest {
 protected:
  std::string Warnings(const std::string& task) const {
    std::string text;
    for (const std::string& warning : WarningsOf(*Read(task))) text += warning + "\n";
    return text;
  }
};

TEST_F(RobotWarningsTest, ControlsThatTheModelDoesNotAllow) {
  Write("robot.xml", Model(R"(<motor name="m" joint="j" ctrlrange="-1e-5 1e-5"/>)"));
  EXPECT_EQ(
      Warnings(Task("", kAlive)),
      "actuator m: 100 % of all actions are clipped: -1 to 1 means controls of -1 to 1, the "
      "model's ctrlrange is -1e-05 to 1e-05; scale = 1e-05, offset = 0 would use all of it\n");
  EXPECT_EQ(Warnings(Task("scale = 1e-5", kAlive)), "");
  Write("robot.xml", Model(R"(<motor name="m" joint="j" ctrlrange="0 255"/>)"));
  EXPECT_EQ(Warnings(Task("", kAlive)),
            "actuator m: 50 % of all actions are clipped: -1 to 1 means controls of -1 to 1, the "
            "model's ctrlrange is 0 to 255; scale = 127.5, offset = 127.5 would use all of it\n");
  EXPECT_EQ(Warnings(Task("offset = 5", kAlive)),
            "actuator m: actions reach 0.7843 % of its controls: -1 to 1 means controls of 4 to 6, "
            "the model's ctrlrange is 0 to 255; scale = 127.5, offset = 127.5 would use all of "
            "it\n");
  EXPECT_EQ(Warnings(Task("scale = 127.5\noffset = 127.5", kAlive)), "");
  Write("robot.xml", Model(R"(<motor name="m" joint="j"/>)"));
  EXPECT_EQ(Warnings(Task("scale = 1000", kAlive)), "") << "any control is allowed";
  Write("robot.xml", Model(R"(<position joint="j" kp="20" ctrlrange="-.1 .1"/>)"));
  EXPECT_EQ(Warnings(Task("kind = \"position\"", kAlive)),
            "actuator #0: 90 % of all actions are clipped: -1 to 1 means controls of -1 to 1, the "
            "model's ctrlrange is -0.1 to 0.1; another scale would fit better\n");
}

TEST_F(RobotWarningsTest, RewardsThatMakeFallingPay) {
  Write("robot.xml", Model(R"(<motor name="m" joint="j"/>)"));
  const std::string track =
      "[[reward]]\nterm = \"track_velocity\"\ncommand = \"v\"\nbody = \"arm\"\n";
  const std::string pays =
      "no [[reward]] can be above 0, and there is a [[termination]]: an episode that ends early "
      "costs less; add a [[reward]] of term \"alive\" that outweighs what a step costs\n";
  EXPECT_EQ(Warnings(Task("", track + kTilt)), pays);
  EXPECT_EQ(Warnings(Task("", track)), "") << "nothing ends an episode";
  EXPECT_EQ(Warnings(Task("", track + kAlive + kTilt)), "");
  EXPECT_EQ(Warnings(Task("", track + kAlive + "weight = -1\n" + kTilt)), pays);
  EXPECT_EQ(Warnings(Task("", track + kAlive + "weight = 0\n" + kTilt)), pays);
  EXPECT_EQ(Warnings(Task("", track + "kernel = \"exponential\"\n" + kTilt)), "");
  EXPECT_EQ(Warnings(Task("", track + "weight = -1\n" + kTilt)), "");
  EXPECT_EQ(Warnings(Task("", "[[reward]]\nterm = \"velocity\"\nbody = \"arm\"\n" + kTilt)), "");
  const auto family = Make(Task("", track + kTilt));
  EXPECT_EQ(family->spec().warnings.size(), 1U);
}

}  // namespace
}  // namespace anole
