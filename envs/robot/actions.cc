#include "envs/robot/actions.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "configs/user_error.h"

namespace anole {
void ActionOptions::Describe(VisitOf<ActionOptions> visit) {
  visit("actuators", &ActionOptions::actuators,
        {.help = "names or patterns, \"hip*, knee*\"", .min_size = 1});
  visit("kind", &ActionOptions::kind,
        {.help = "control: offset + scale * action, for each control of an actuator; position: the "
                 "target of its joint, or of the length of its tendon, is where that is at the "
                 "start + scale * action"});
  visit("scale", &ActionOptions::scale, {.help = "of an action in +-1", .min = -1e6, .max = 1e6});
  if (visit->kind == ActionKind::kControl || visit.everything()) {
    visit("offset", &ActionOptions::offset,
          {.help = "the control of action 0", .min = -1e6, .max = 1e6});
  }
  if (visit->kind == ActionKind::kPosition || visit.everything()) {
    visit("stiffness", &ActionOptions::stiffness,
          {.help = "torque of a motor on its joint per rad (or m) off the target; 0: the actuator "
                   "is a servo",
           .min = 0,
           .max = 1e9});
    visit("damping", &ActionOptions::damping,
          {.help = "torque of a motor on its joint against each rad/s (or m/s)",
           .min = 0,
           .max = 1e9});
  }
}

ActionGroup::ActionGroup(const ActionOptions& options, const Robot& robot) : options_(options) {
  const mjModel& model = *robot.model;
  if (model.nactuator == 0) {
    throw OptionError("actuators", robot.model_name +
                                       " has no actuators, so that no action would do anything; "
                                       "add an <actuator> section to the model");
  }
  if (options.scale == 0) throw OptionError("scale", "must not be 0: no action would do anything");
  actuators_ = robot.FindAll(mjOBJ_ACTUATOR, "actuators", options.actuators);
  std::erase_if(actuators_, [&](int id) { return IsDisabled(model, id); });
  if (actuators_.empty()) {
    throw OptionError("actuators",
                      "all of them are switched off in the model (<option "
                      "actuatorgroupdisable>)");
  }
  for (const int actuator : actuators_) {
    switch (options.kind) {
      case ActionKind::kControl:
        for (ActuatorInput& input : InputsOf(model, actuator)) {
          parts_.emplace_back().command.input = std::move(input);
        }
        break;
      case ActionKind::kPosition:
        parts_.push_back({CommandPosition(robot, actuator, options.stiffness > 0)});
        break;
    }
  }
  if (parts_.empty()) throw OptionError("actuators", "none of them takes a control");
}

double ActionGroup::ControlOf(const Part& part, double action, const mjData* data) const {
  switch (options_.kind) {
    case ActionKind::kControl:
      return options_.offset + options_.scale * action;
    case ActionKind::kPosition:
      break;
  }
  const PositionCommand& command = part.command;
  double wanted = command.home + options_.scale * action;
  if (!command.servo) {
    const double place = data == nullptr ? command.home : data->qpos[command.position];
    const double speed = data == nullptr ? 0 : data->qvel[command.velocity];
    wanted = options_.stiffness * (wanted - place) - options_.damping * speed;
  }
  return command.offset + command.factor * wanted;
}

double ActionGroup::ControlAtStart(const Part& part, double action) const {
  return ControlOf(part, action, nullptr);
}

void ActionGroup::Apply(const mjModel& model, VectorIn actions, mjData& data) const {
  Eigen::Index row = 0;
  for (const Part& part : parts_) {
    const int address = part.command.input.address;
    double control = ControlOf(part, actions[row++], &data);
    if (model.actuator_ctrllimited[address] != 0) {
      const mjtNum* const range = model.actuator_ctrlrange + std::ptrdiff_t{2} * address;
      control = std::clamp(control, range[0], range[1]);
    }
    data.ctrl[address] = control;
  }
}

}  // namespace anole
