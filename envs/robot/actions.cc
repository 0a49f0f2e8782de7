#include "envs/robot/actions.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "configs/user_error.h"

namespace anole {

void RobotAction::Describe(VisitOf<RobotAction> visit) {
  visit("actuators", &RobotAction::actuators,
        {.help = "names or patterns, \"hip*, knee*\"", .min_size = 1});
  visit("kind", &RobotAction::kind, {.help = "what it means", .choices = ActionKinds::names()});
  visit("scale", &RobotAction::scale, {.help = "of an action in +-1", .min = -1e6, .max = 1e6});
}

ActionGroup::ActionGroup(RobotAction action, const Robot& robot) : action_(std::move(action)) {
  const mjModel& model = *robot.model;
  if (model.nactuator == 0) {
    throw OptionError("actuators", robot.model_name +
                                       " has no actuators, so that no action would do anything; "
                                       "add an <actuator> section to the model");
  }
  if (action_.scale == 0) throw OptionError("scale", "must not be 0: no action would do anything");
  actuators_ = robot.FindAll(mjOBJ_ACTUATOR, "actuators", action_.actuators);
  std::erase_if(actuators_, [&](int id) { return IsDisabled(model, id); });
  if (actuators_.empty()) {
    throw OptionError("actuators",
                      "all of them are switched off in the model (<option "
                      "actuatorgroupdisable>)");
  }
  for (const int actuator : actuators_) {
    for (PositionCommand& command : kind().Commands(robot, actuator)) {
      parts_.push_back({std::move(command)});
    }
  }
  if (parts_.empty()) throw OptionError("actuators", "none of them takes a control");
}

ActionPart ActionGroup::Interface(const Part& part, const mjModel& model) const {
  ActionPart interface = kind().Interface(part.command);
  interface.actuator = part.name();
  std::tie(interface.lowest_control, interface.highest_control) =
      ControlLimits(model, part.command.input.address);
  return interface;
}

void ActionGroup::Apply(const mjModel& model, VectorIn actions, mjData& data) const {
  Eigen::Index row = 0;
  for (const Part& part : parts_) {
    const int address = part.command.input.address;
    const auto [lowest, highest] = ControlLimits(model, address);
    data.ctrl[address] =
        std::clamp(kind().Control(part.command, actions[row++], &data), lowest, highest);
  }
}

}  // namespace anole
