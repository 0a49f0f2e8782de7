// A robot that falls, for tests of what happens within its episodes.
#pragma once

#include <string>

#include "tests/envs/robot_folder.h"

namespace anole {

// A free trunk high above a floor, with a leg; and a ball that falls beside it.
inline constexpr const char* kWalker = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1"/>
    <body name="trunk" pos="0 0 2">
      <freejoint/>
      <geom type="box" size=".2 .1 .05" mass="2"/>
      <site name="nose" pos=".2 0 0"/>
      <body name="leg" pos=".1 0 0">
        <joint name="hip" axis="0 1 0" armature=".01" damping="1"/>
        <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".03" mass=".3"/>
      </body>
    </body>
    <body name="foot" pos="1 0 .2"><freejoint/><geom type="sphere" size=".05" mass=".1"/>
      <site name="sole" pos="0 0 -.05"/></body>
  </worldbody>
  <actuator><motor name="hip" joint="hip" gear="2" ctrlrange="-1 1"/></actuator>
  <sensor>
    <accelerometer name="acceleration" site="nose"/>
    <actuatorfrc name="torque" actuator="hip"/>
  </sensor>
</mujoco>)";

inline std::string WalkerTask(const std::string& more) {
  return R"([robot]
model = "robot.xml"
control_dt = 0.02
horizon = 100
[[action]]
)" + more;
}

class RobotWalkerTest : public RobotFolderTest {
 protected:
  RobotWalkerTest() { Write("robot.xml", kWalker); }
};

inline constexpr const char* kPlain = R"([[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";

}  // namespace anole
