// Actions that are places: the joint's place at the start + scale * a is its target [rad or m], of
// a servo or, for a motor, torque about the joint = stiffness * (target - q) - damping * q'
// (actuators.h).
#include "envs/robot/actions.h"

namespace anole {
namespace {

class PositionAction : public ActionKind {
 public:
  struct Options {
    double stiffness = 0;  // about the joint, of a motor [N m/rad or N/m]
    double damping = 0;    // [N m s/rad or N s/m]

    static void Describe(VisitOf<Options> visit) {
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

  PositionAction(const Options& options, double scale) : options_(options), scale_(scale) {}

  std::vector<PositionCommand> Commands(const Robot& robot, int actuator) const override {
    return {CommandPosition(robot, actuator, options_.stiffness > 0)};
  }

  double Control(const PositionCommand& command, double action, const mjData* data) const override {
    double wanted = command.home + scale_ * action;
    if (!command.servo) {
      const double place = data == nullptr ? command.home : data->qpos[command.position];
      const double speed = data == nullptr ? 0 : data->qvel[command.velocity];
      wanted = options_.stiffness * (wanted - place) - options_.damping * speed;
    }
    return command.offset + command.factor * wanted;
  }

  ActionPart Interface(const PositionCommand& command) const override {
    ActionPart part{.quantity = command.what.empty() ? "position" : command.what,
                    .unit = "rad or m",
                    .offset = command.home,
                    .scale = scale_};
    part.control_offset = command.offset;
    part.control_factor = command.factor;
    if (!command.servo) {
      part.stiffness = options_.stiffness;
      part.damping = options_.damping;
    }
    return part;
  }

 private:
  Options options_;
  double scale_;
};

const RegisterAction<PositionAction> registration(
    "position",
    "the target of an actuator's joint, or of the length of its tendon, is where that is at the "
    "start + scale * action");

}  // namespace
}  // namespace anole
