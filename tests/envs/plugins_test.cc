// Robots whose actuators are MuJoCo's own plugins.
#include "envs/plugins.h"

#include <cmath>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A pendulum that a PID controller holds against gravity.
constexpr const char* kArm = R"(<mujoco>
  <extension>
    <plugin plugin="mujoco.pid">
      <instance name="holds"><config key="kp" value="20"/><config key="ki" value="60"/>
        <config key="kd" value="2"/></instance>
    </plugin>
  </extension>
  <worldbody>
    <body>
      <joint name="hinge" axis="0 1 0" damping=".1"/>
      <geom type="capsule" size=".02" fromto="0 0 0 .5 0 0" mass="1"/>
    </body>
  </worldbody>
  <actuator>
    <plugin name="motor" joint="hinge" plugin="mujoco.pid" instance="holds" actdim="1"/>
  </actuator>
</mujoco>)";

constexpr const char* kTask = R"([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
actuators = "motor"
kind = "control"
scale = 0.5
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";

class PluginsTest : public RobotFolderTest {
 protected:
  PluginsTest() { Write("robot.xml", kArm); }
  void SetUp() override {
    LoadPlugins();
    if (mjp_pluginCount() == 0) GTEST_SKIP() << "no plugins beside MuJoCo's library";
  }
};

TEST_F(PluginsTest, AControllerOfMujocosHoldsAnArm) {
  const auto family = Make(kTask);
  Stage stage(*family), again(*family);
  for (int episode = 0; episode < 2; ++episode) {  // whatever the one before has summed up
    const Address address{.rollout = episode};
    stage.Reset(Vector(), address);
    for (int t = 0; t < 400; ++t) stage.Step(Vector::Constant(1, 0.6));
    EXPECT_NEAR(stage.Observe()[0], 0.3, 0.01) << "without its sum it would hang lower";
    again.Reset(Vector(), address);
    EXPECT_EQ(again.data().act[0], 0) << "the sum begins anew";
    for (int t = 0; t < 400; ++t) again.Step(Vector::Constant(1, 0.6));
    EXPECT_EQ(again.Observe()[0], stage.Observe()[0]);
  }
}

TEST_F(PluginsTest, OneThatIsNotThereIsTold) {
  std::string model = kArm;
  for (auto at = model.find("mujoco.pid"); at != std::string::npos; at = model.find("mujoco.pid")) {
    model.replace(at, 10, "mujoco.pud");
  }
  Write("robot.xml", model);
  EXPECT_NE(ErrorOf(kTask).find("plugin mujoco.pud not found"), std::string::npos)
      << ErrorOf(kTask);
}

}  // namespace
}  // namespace anole
