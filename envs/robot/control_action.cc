// Actions that are controls: ctrl = offset + scale * a, for each control of an actuator.
#include <utility>

#include "envs/robot/actions.h"
#include "envs/robot/short_number.h"

namespace anole {
namespace {

class ControlAction : public ActionKind {
 public:
  struct Options {
    double offset = 0;

    static void Describe(VisitOf<Options> visit) {
      visit("offset", &Options::offset,
            {.help = "the control of action 0", .min = -1e6, .max = 1e6});
    }
  };

  ControlAction(const Options& options, double scale) : offset_(options.offset), scale_(scale) {}

  std::vector<PositionCommand> Commands(const Robot& robot, int actuator) const override {
    std::vector<PositionCommand> commands;
    for (ActuatorInput& input : InputsOf(*robot.model, actuator)) {
      commands.emplace_back().input = std::move(input);
    }
    return commands;
  }

  double Control(const PositionCommand& /*command*/, double action,
                 const mjData* /*data*/) const override {
    return offset_ + scale_ * action;
  }

  ActionPart Interface(const PositionCommand& /*command*/) const override {
    return {.offset = offset_, .scale = scale_};
  }

  bool may_clip_half() const override { return false; }

  std::string Advice(double low, double high) const override {
    return "scale = " + ShortNumber((high - low) / 2) +
           ", offset = " + ShortNumber((high + low) / 2) + " would use all of it";
  }

 private:
  double offset_, scale_;
};

const RegisterAction<ControlAction> registration(
    "control", "offset + scale * action, for each control of an actuator");

}  // namespace
}  // namespace anole
