// Actions that are controls, for each control of an actuator: ctrl = middle + reach * a, and those
// that move a control on in each control step: ctrl += scale * a.
#include <utility>

#include "configs/user_error.h"
#include "configs/words.h"
#include "envs/robot/actuator_group.h"
#include "envs/robot/short_number.h"

namespace anole {
namespace {

// What action 0 means.
enum class Middle { kOffset, kStart, kRange };

constexpr auto WordsOf(Middle) {
  return Words<Middle>(
      {{Middle::kOffset, "offset"}, {Middle::kStart, "start"}, {Middle::kRange, "range"}});
}

class ControlAction : public ActuatorGroup {
 public:
  struct Options {
    ActuatorOptions actuators;
    Middle middle = Middle::kOffset;
    double offset = 0;

    static void Describe(VisitOf<Options> visit) {
      visit(&Options::actuators);
      visit(
          "middle", &Options::middle,
          {.help = "the control of action 0: the offset; that of the start plus the offset; or "
                   "the middle of the model's ctrlrange, of whose half the scale then is a part"});
      if (const auto where = visit.Where(visit->middle != Middle::kRange, "middle is not range")) {
        where("offset", &Options::offset,
              {.help = "of the control of action 0", .min = -1e6, .max = 1e6});
      }
    }
  };

  ControlAction(const Options& options, const Robot& robot)
      : ActuatorGroup(options.actuators, robot), middle_(options.middle) {
    for (const int actuator : actuators()) {
      for (ActuatorInput& input : InputsOf(*robot.model, actuator)) {
        PositionCommand command{.input = std::move(input), .offset = options.offset};
        SetMiddle(robot, command);
        Add(command);
      }
    }
    Complete(robot);
  }

 protected:
  std::string Advice(double low, double high) const override {
    if (middle_ != Middle::kOffset) return ActuatorGroup::Advice(low, high);
    return "scale = " + ShortNumber((high - low) / 2) +
           ", offset = " + ShortNumber((high + low) / 2) + " would use all of it";
  }

 private:
  void SetMiddle(const Robot& robot, PositionCommand& command) const {
    const int address = command.input.address;
    switch (middle_) {
      case Middle::kOffset:
        break;
      case Middle::kStart:
        command.offset += robot.start.ctrl[address];
        break;
      case Middle::kRange:
        const auto [lowest, highest] = ControlLimits(*robot.model, address);
        if (!(lowest < highest && highest - lowest < 1e300)) {
          throw OptionError("middle",
                            "actuator '" + command.input.name + "' has no ctrlrange in the model");
        }
        command.offset = (lowest + highest) / 2;
        command.factor = (highest - lowest) / 2;
        break;
    }
  }

  double Control(const PositionCommand& command, double action,
                 const mjData* /*data*/) const override {
    return command.offset + command.factor * scale() * action;
  }

  ActionPart InterfaceOf(const PositionCommand& command) const override {
    return {.offset = command.offset, .scale = command.factor * scale()};
  }

  bool may_clip_half() const override { return middle_ == Middle::kStart; }

  Middle middle_;
};
const RegisterAction<ControlAction> control(
    "control", "offset + scale * action, for each control of an actuator");

class ControlStep : public ActuatorStep {
 public:
  using Options = ActuatorOptions;

  ControlStep(const Options& options, const Robot& robot) : ActuatorStep(options, robot) {
    for (const int actuator : actuators()) {
      for (ActuatorInput& input : InputsOf(*robot.model, actuator)) {
        PositionCommand command{.input = std::move(input)};
        command.home = robot.start.ctrl[command.input.address];
        Add(command);
      }
    }
    Complete(robot);
  }

 private:
  double Control(const PositionCommand& command, double action, const mjData* data) const override {
    return (data == nullptr ? command.home : data->ctrl[command.input.address]) + scale() * action;
  }
  ActionPart InterfaceOf(const PositionCommand& /*command*/) const override {
    return {.quantity = "step of the control", .scale = scale()};
  }
};
const RegisterAction<ControlStep> control_step(
    "control_step", "the control moves on by scale * action in each control step");

}  // namespace
}  // namespace anole
