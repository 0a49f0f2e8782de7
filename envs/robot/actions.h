// How the numbers of a policy become the controls of a robot's actuators.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/robot/actuators.h"
#include "envs/robot/robot.h"

namespace anole {

// What an action is: a control, or where a joint is to be.
enum class ActionKind { kControl, kPosition };

constexpr auto WordsOf(ActionKind) {
  return Words<ActionKind>(
      {{ActionKind::kControl, "control"}, {ActionKind::kPosition, "position"}});
}

// One [[action]]: some actuators that are commanded alike.
struct ActionOptions {
  std::string actuators = "*";
  ActionKind kind = ActionKind::kControl;
  double scale = 1;
  double offset = 0;     // of a control
  double stiffness = 0;  // about the joint, of a position of a motor [N m/rad or N/m]
  double damping = 0;    // [N m s/rad or N s/m]

  static void Describe(VisitOf<ActionOptions> visit);
};

// The actuators of one [[action]]. An action a in +-1 is, for each of their controls:
//   control:   ctrl = offset + scale * a
//   position:  the joint's place at the start + scale * a is its target [rad or m]: of a servo, or,
//              for a motor, torque about the joint = stiffness * (target - q) - damping * q'
// (actuators.h). Controls are clipped to the model's ctrlrange.
class ActionGroup {
 public:
  // One number of the action.
  struct Part {
    PositionCommand command;  // of a control, only its input
    std::string name() const { return command.input.name; }
  };

  // Throws OptionError.
  ActionGroup(const ActionOptions& options, const Robot& robot);

  const std::vector<int>& actuators() const { return actuators_; }
  const std::vector<Part>& parts() const { return parts_; }
  Eigen::Index size() const { return static_cast<Eigen::Index>(parts_.size()); }
  const ActionOptions& options() const { return options_; }

  // actions: (size), clipped to +-1. Called before each physics step.
  void Apply(const mjModel& model, VectorIn actions, mjData& data) const;

  // The control that an action means at the start, before ctrlrange clips it.
  double ControlAtStart(const Part& part, double action) const;

 private:
  // data: null at the start, at rest.
  double ControlOf(const Part& part, double action, const mjData* data) const;

  ActionOptions options_;
  std::vector<int> actuators_;
  std::vector<Part> parts_;
};

}  // namespace anole
