// Actions that are places: the joint's place at the start + scale * a is its target [rad or m], of
// a servo or, for a motor, torque about the joint = stiffness * (target - q) - damping * q'
// (actuators.h). Or steps of places: the target of a control step is where the joint is when it
// begins + scale * a.
#include "envs/robot/actuator_group.h"

namespace anole {
namespace {

class PositionAction : public ActuatorGroup {
 public:
  struct Options {
    ActuatorOptions actuators;
    double stiffness = 0;  // about the joint, of a motor [N m/rad or N/m]
    double damping = 0;    // [N m s/rad or N s/m]

    static void Describe(VisitOf<Options> visit) {
      visit(&Options::actuators);
      visit("stiffness", &Options::stiffness,
            {.help = "torque of a motor on its joint per rad (or m) off the target; 0: the "
                     "actuator is a servo",
             .min = 0,
             .max = 1e9});
      visit("damping", &Options::damping,
            {.help = "torque of a motor on its joint against each rad/s (or m/s)",
             .min = 0,
             .max = 1e9});
    }
  };

  PositionAction(const Options& options, const Robot& robot)
      : ActuatorGroup(options.actuators, robot),
        stiffness_(options.stiffness),
        damping_(options.damping) {
    for (const int actuator : actuators()) Add(CommandPosition(robot, actuator, stiffness_ > 0));
    Complete(robot);
    at_home_ = Vector::Zero(size());
  }

  void Hold(const mjModel& model, mjData& data) const override {
    if (stiffness_ > 0) Apply(model, at_home_, data);
  }

 private:
  double Control(const PositionCommand& command, double action, const mjData* data) const override {
    double wanted = command.home + scale() * action;
    if (!command.servo) {
      const double place = data == nullptr ? command.home : data->qpos[command.position];
      const double speed = data == nullptr ? 0 : data->qvel[command.velocity];
      wanted = stiffness_ * (wanted - place) - damping_ * speed;
    }
    return command.offset + command.factor * wanted;
  }

  ActionPart InterfaceOf(const PositionCommand& command) const override {
    ActionPart part{.quantity = command.what.empty() ? "position" : command.what,
                    .unit = "rad or m",
                    .offset = command.home,
                    .scale = scale()};
    part.control_offset = command.offset;
    part.control_factor = command.factor;
    if (!command.servo) {
      part.stiffness = stiffness_;
      part.damping = damping_;
    }
    return part;
  }

  double stiffness_, damping_;
  Vector at_home_;  // the actions of Hold: zeros
};
const RegisterAction<PositionAction> position(
    "position",
    "the target of an actuator's joint, or of the length of its tendon, is where that is at the "
    "start + scale * action");

class PositionStep : public ActuatorStep {
 public:
  using Options = ActuatorOptions;

  PositionStep(const Options& options, const Robot& robot) : ActuatorStep(options, robot) {
    for (const int actuator : actuators()) Add(CommandStep(robot, actuator));
    Complete(robot);
  }

 private:
  static PositionCommand CommandStep(const Robot& robot, int actuator) {
    PositionCommand command = CommandPosition(robot, actuator, false);
    if (command.position >= 0) return command;
    throw OptionError("kind", "actuator '" + command.input.name +
                                  "' moves no single hinge or slide, from whose place a step "
                                  "would be");
  }

  double Control(const PositionCommand& command, double action, const mjData* data) const override {
    const double place = data == nullptr ? command.home : data->qpos[command.position];
    return command.offset + command.factor * (place + scale() * action);
  }

  ActionPart InterfaceOf(const PositionCommand& command) const override {
    ActionPart part{.quantity = "step of the position", .unit = "rad or m", .scale = scale()};
    part.control_offset = command.offset;
    part.control_factor = command.factor;
    return part;
  }
};
const RegisterAction<PositionStep> position_step(
    "position_step",
    "the target of a servo in a control step is where its joint is when that begins + scale * "
    "action");

}  // namespace
}  // namespace anole
