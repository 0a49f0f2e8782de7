// How the numbers of a policy become the controls of a robot's actuators.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/robot/robot.h"

namespace anole {

// One [[action]]: some actuators that are commanded alike.
struct ActionOptions {
  std::string actuators = "*";
  std::string kind = "control";
  double scale = 1;
  double offset = 0;     // of a control
  double stiffness = 0;  // of a position, where the actuator is a motor [N m/rad or N/m]
  double damping = 0;    // [N m s/rad or N s/m]

  void Describe(OptionVisitor& visit);
};

// The actuators of one [[action]]. An action a in +-1 is, for each:
//   control:   ctrl = offset + scale * a
//   position:  the joint's place at the start + scale * a is its target [rad or m]: the control of
//   a
//              position servo, or, for a motor, torque = stiffness * (target - q) - damping * q'
// Controls are clipped to the model's ctrlrange.
class ActionGroup {
 public:
  // Throws OptionError.
  ActionGroup(const ActionOptions& options, const Robot& robot);

  const std::vector<int>& actuators() const { return actuators_; }
  const ActionOptions& options() const { return options_; }

  // actions: one for each actuator, in their order, clipped to +-1. Called before each physics
  // step.
  void Apply(const mjModel& model, VectorIn actions, mjData& data) const;

 private:
  ActionOptions options_;
  std::vector<int> actuators_;
  std::vector<int> positions_,
      velocities_;  // of qpos and qvel: the joints of a position's actuators
  Vector home_;     // of those joints
};

}  // namespace anole
