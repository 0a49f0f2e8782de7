// How the numbers of a policy become the controls of a robot's actuators. What they mean is their
// kind, which is registered by name in control_action.cc or position_action.cc and chosen by
// `kind = "NAME"`.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <string>
#include <vector>

#include "configs/registry.h"
#include "envs/family_interface.h"
#include "envs/linear_algebra.h"
#include "envs/robot/actuators.h"
#include "envs/robot/robot.h"

namespace anole {

// What an action a in +-1 of one [[action]] means. Const and thread-safe.
class ActionKind {
 public:
  virtual ~ActionKind() = default;

  // How each number of the action commands an actuator. Throws OptionError.
  virtual std::vector<PositionCommand> Commands(const Robot& robot, int actuator) const = 0;

  // The control that an action means, before ctrlrange clips it; data: null at the start, at rest.
  virtual double Control(const PositionCommand& command, double action,
                         const mjData* data) const = 0;

  // What the action asks for; the actuator's name and limits are the caller's to fill in.
  virtual ActionPart Interface(const PositionCommand& command) const = 0;

  // Whether ctrlrange may clip half of all actions at the start, as it does where that is at the
  // end of a joint's range: that of an open gripper, for instance, which is well.
  virtual bool may_clip_half() const { return true; }

  // Where too many are clipped or have no effect: what would fit controls of low to high better.
  virtual std::string Advice(double /*low*/, double /*high*/) const {
    return "another scale would fit better";
  }
};

using ActionKinds = Registry<ActionKind, double>;  // of the scale of its actions
template <class Kind>
using RegisterAction = Registration<ActionKind, Kind, double>;

// One [[action]]: some actuators that are commanded alike.
struct RobotAction {
  std::string actuators = "*";
  std::string kind = "control";
  double scale = 1;
  std::unique_ptr<ActionKind> made;

  static void Describe(VisitOf<RobotAction> visit);
};

// The actuators of one [[action]]. Controls are clipped to the model's ctrlrange.
class ActionGroup {
 public:
  // One number of the action.
  struct Part {
    PositionCommand command;  // of a control, only its input
    std::string name() const { return command.input.name; }
  };

  // Throws OptionError.
  ActionGroup(RobotAction action, const Robot& robot);

  const ActionKind& kind() const { return *action_.made; }
  const std::vector<int>& actuators() const { return actuators_; }
  const std::vector<Part>& parts() const { return parts_; }
  Eigen::Index size() const { return static_cast<Eigen::Index>(parts_.size()); }

  // Of one of parts().
  ActionPart Interface(const Part& part, const mjModel& model) const;

  // actions: (size), clipped to +-1. Called before each physics step.
  void Apply(const mjModel& model, VectorIn actions, mjData& data) const;

 private:
  RobotAction action_;
  std::vector<int> actuators_;
  std::vector<Part> parts_;
};

}  // namespace anole
