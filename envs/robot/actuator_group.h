// Actions that set the controls of actuators, clipped to the model's ctrlrange.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "envs/robot/actions.h"
#include "envs/robot/actuators.h"
#include "envs/robot/robot.h"

namespace anole {

struct ActuatorOptions {
  std::string actuators = "*";
  std::vector<double> gains;  // (controls), or empty: each has a number of its own
  double scale = 1;

  static void Describe(VisitOf<ActuatorOptions> visit);
};

class ActuatorGroup : public ActionGroup {
 public:
  Eigen::Index size() const override;
  std::vector<ActionPart> Interface() const override;
  ActionRule Rule() const override;
  const std::vector<int>& actuators() const override { return actuators_; }
  void Apply(const mjModel& /*model*/, VectorIn actions, mjData& data) const override {
    Set(actions, data);
  }
  std::vector<std::string> Warnings() const override;

 protected:
  // Throws OptionError. Whoever derives from it then adds a command for each control.
  ActuatorGroup(const ActuatorOptions& options, const Robot& robot);
  void Add(const PositionCommand& command) { commands_.push_back(command); }
  // After the last one. Throws OptionError.
  void Complete(const Robot& robot);

  void Set(VectorIn actions, mjData& data) const;
  double scale() const { return scale_; }

  // Where too many are clipped or have no effect: what would fit controls of low to high better.
  virtual std::string Advice(double /*low*/, double /*high*/) const {
    return "another scale would fit better";
  }

 private:
  // The control that an action means, before it is clipped; data: null at the start, at rest.
  virtual double Control(const PositionCommand& command, double action,
                         const mjData* data) const = 0;

  // What the action asks for; the actuator's name and limits are filled in.
  virtual ActionPart InterfaceOf(const PositionCommand& command) const = 0;

  // Whether ctrlrange may clip half of all actions at the start, as it does where that is at the
  // end of a joint's range: that of an open gripper, for instance, which is well.
  virtual bool may_clip_half() const { return true; }

  std::vector<ActionPart> Parts() const;  // of each command, as if it had a number of its own
  double ActionOf(VectorIn actions, std::size_t command) const;

  std::vector<int> actuators_;
  std::vector<double> gains_;
  double scale_;
  std::vector<PositionCommand> commands_;
  std::vector<std::pair<double, double>> limits_;  // of each command
};

// Those that set each control once, when a control step begins, by where things then are.
class ActuatorStep : public ActuatorGroup {
 public:
  void Begin(const mjModel& /*model*/, VectorIn actions, mjData& data) const override {
    Set(actions, data);
  }
  void Apply(const mjModel& /*model*/, VectorIn /*actions*/, mjData& /*data*/) const override {}
  std::vector<std::string> Warnings() const override { return {}; }

 protected:
  using ActuatorGroup::ActuatorGroup;
};

}  // namespace anole
