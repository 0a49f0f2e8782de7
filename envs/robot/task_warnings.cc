#include "envs/robot/task_warnings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

bool ClipsMost(const ActionGroup& group, const Reach& reach) {
  return reach.clipped() > kMostClipped + (group.kind().may_clip_half() ? kRounding : -kRounding);
}

bool IsOdd(const ActionGroup& group, const Reach& reach) {
  return ClipsMost(group, reach) || reach.used() < kLeastUsed;
}

Reach ReachOf(const mjModel& model, const ActionGroup& group, const ActionGroup::Part& part) {
  const double one = group.kind().Control(part.command, -1, nullptr);
  const double other = group.kind().Control(part.command, 1, nullptr);
  const mjtNum* const range =
      model.actuator_ctrlrange + std::ptrdiff_t{2} * part.command.input.address;
  return {std::min(one, other), std::max(one, other), range[0], range[1]};
}

std::string Told(const ActionGroup& group, const std::string& name, const Reach& reach,
                 int others) {
  const bool clips = ClipsMost(group, reach);
  std::string text = "actuator " + name + ": ";
  text += clips ? ShortNumber(100 * reach.clipped()) + " % of all actions are clipped"
                : "actions reach " + ShortNumber(100 * reach.used()) + " % of its controls";
  text += ": -1 to 1 means controls of " + ShortNumber(reach.low) + " to " +
          ShortNumber(reach.high) + ", the model's ctrlrange is " + ShortNumber(reach.lowest) +
          " to " + ShortNumber(reach.highest);
  text += "; " + group.kind().Advice(reach.lowest, reach.highest);
  if (others > 0) text += " (" + std::to_string(others) + " more alike)";
  return text;
}

void AddReaches(const mjModel& model, const ActionGroup& group,
                std::vector<std::string>& warnings) {
  const ActionGroup::Part* first = nullptr;
  int odd = 0;
  for (const ActionGroup::Part& part : group.parts()) {
    if (model.actuator_ctrllimited[part.command.input.address] == 0) continue;
    if (!IsOdd(group, ReachOf(model, group, part))) continue;
    if (first == nullptr) first = &part;
    ++odd;
  }
  if (first == nullptr) return;
  warnings.push_back(Told(group, first->name(), ReachOf(model, group, *first), odd - 1));
}

}  // namespace

bool EndingEarlyPays(const RobotTask& task) {
  if (task.terminations.empty()) return false;
  return std::ranges::none_of(task.rewards, [](const RobotReward& reward) {
    const Bounds bounds = reward.made->bounds();
    return reward.weight > 0 ? bounds.highest > 0 : reward.weight < 0 && bounds.lowest < 0;
  });
}

std::vector<std::string> WarningsOf(const RobotTask& task) {
  std::vector<std::string> warnings;
  for (const ActionGroup& group : task.actions) AddReaches(*task.robot.model, group, warnings);
  if (EndingEarlyPays(task)) {
    warnings.emplace_back(
        "no [[reward]] can be above 0, and there is a [[termination]]: an episode that ends early "
        "costs less; add a [[reward]] of term \"alive\" that outweighs what a step costs");
  }
  return warnings;
}

}  // namespace anole
