#include "envs/robot/actuator_group.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

#include "configs/user_error.h"
#include "envs/robot/short_number.h"

namespace anole {
namespace {

constexpr double kMostClipped = 0.5, kRounding = 1e-9;
constexpr double kLeastUsed = 0.01;

// The controls that actions in +-1 mean at the start, beside those that the model allows.
struct Reach {
  double low = 0, high = 0;
  double lowest = 0, highest = 0;

  double Shared() const { return std::max(0., std::min(high, highest) - std::max(low, lowest)); }
  double clipped() const { return 1 - Shared() / (high - low); }
  double used() const { return Shared() / (highest - lowest); }
};

std::string Told(const Reach& reach, bool clips) {
  const std::string share =
      clips ? ShortNumber(100 * reach.clipped()) + " % of all actions are clipped"
            : "actions reach " + ShortNumber(100 * reach.used()) + " % of its controls";
  return share + ": -1 to 1 means controls of " + ShortNumber(reach.low) + " to " +
         ShortNumber(reach.high) + ", the model's ctrlrange is " + ShortNumber(reach.lowest) +
         " to " + ShortNumber(reach.highest);
}

}  // namespace

void ActuatorOptions::Describe(VisitOf<ActuatorOptions> visit) {
  visit("actuators", &ActuatorOptions::actuators,
        {.help = "names or patterns, \"hip*, knee*\"", .min_size = 1});
  visit("gains", &ActuatorOptions::gains,
        {.help = "one number of the action for all of them, times these, in the model's order: [1, "
                 "-1]; []: a number for each",
         .min = -1e6,
         .max = 1e6});
  visit("scale", &ActuatorOptions::scale, {.help = "of an action in +-1", .min = -1e6, .max = 1e6});
}

ActuatorGroup::ActuatorGroup(const ActuatorOptions& options, const Robot& robot)
    : gains_(options.gains), scale_(options.scale) {
  const mjModel& model = *robot.model;
  if (model.nactuator == 0) {
    throw OptionError("actuators", robot.model_name +
                                       " has no actuators, so that no action would do anything; "
                                       "add an <actuator> section to the model");
  }
  if (scale_ == 0) throw OptionError("scale", "must not be 0: no action would do anything");
  actuators_ = robot.FindAll(mjOBJ_ACTUATOR, "actuators", options.actuators);
  std::erase_if(actuators_, [&](int id) { return IsDisabled(model, id); });
  if (actuators_.empty()) {
    throw OptionError("actuators",
                      "all of them are switched off in the model (<option "
                      "actuatorgroupdisable>)");
  }
}

void ActuatorGroup::Complete(const Robot& robot) {
  if (commands_.empty()) throw OptionError("actuators", "none of them takes a control");
  if (!gains_.empty() && gains_.size() != commands_.size()) {
    throw OptionError("gains", "must be " + std::to_string(commands_.size()) +
                                   " numbers, one for each control, in the model's order");
  }
  if (std::ranges::count(gains_, 0) > 0) throw OptionError("gains", "must not be 0");
  for (const PositionCommand& command : commands_) {
    limits_.push_back(ControlLimits(*robot.model, command.input.address));
  }
}

Eigen::Index ActuatorGroup::size() const {
  return gains_.empty() ? static_cast<Eigen::Index>(commands_.size()) : 1;
}

double ActuatorGroup::ActionOf(VectorIn actions, std::size_t command) const {
  return gains_.empty() ? actions[static_cast<Eigen::Index>(command)]
                        : gains_[command] * actions[0];
}

void ActuatorGroup::Set(VectorIn actions, mjData& data) const {
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    const auto [lowest, highest] = limits_[i];
    data.ctrl[commands_[i].input.address] =
        std::clamp(Control(commands_[i], ActionOf(actions, i), &data), lowest, highest);
  }
}

ActionRule ActuatorGroup::Rule() const {
  ActionRule rule;
  if (gains_.empty()) return rule;
  rule.actuators = Parts();
  for (std::size_t i = 0; i < gains_.size(); ++i) rule.actuators[i].scale *= gains_[i];
  return rule;
}

std::vector<ActionPart> ActuatorGroup::Parts() const {
  std::vector<ActionPart> parts;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    ActionPart part = InterfaceOf(commands_[i]);
    part.actuator = commands_[i].input.name;
    std::tie(part.lowest_control, part.highest_control) = limits_[i];
    parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<ActionPart> ActuatorGroup::Interface() const {
  std::vector<ActionPart> parts = Parts();
  if (gains_.empty()) return parts;
  // The first of those that one number commands stands for all.
  ActionPart& first = parts.front();
  first.scale *= gains_.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const ActionPart& part = parts[i];
    first.actuator += ", ";
    first.actuator += part.actuator;
    first.actuator += " (" + ShortNumber(part.scale * gains_[i] / first.scale) + " times as far";
    if (part.offset != first.offset) first.actuator += ", about " + ShortNumber(part.offset);
    first.actuator += ")";
  }
  parts.resize(1);
  return parts;
}

std::vector<std::string> ActuatorGroup::Warnings() const {
  std::string text;
  int others = 0;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    const ActuatorInput& input = commands_[i].input;
    const double gain = gains_.empty() ? 1 : gains_[i];
    if (!std::isfinite(limits_[i].second) || gain == 0) continue;
    const double one = Control(commands_[i], -gain, nullptr);
    const double other = Control(commands_[i], gain, nullptr);
    const Reach reach{std::min(one, other), std::max(one, other), limits_[i].first,
                      limits_[i].second};
    const bool clips = reach.clipped() > kMostClipped + (may_clip_half() ? kRounding : -kRounding);
    if (!clips && reach.used() >= kLeastUsed) continue;
    if (text.empty()) {
      text = "actuator " + input.name + ": " + Told(reach, clips) + "; " +
             Advice(reach.lowest, reach.highest);
    } else {
      ++others;
    }
  }
  if (text.empty()) return {};
  if (others > 0) text += " (" + std::to_string(others) + " more alike)";
  return {text};
}

}  // namespace anole
