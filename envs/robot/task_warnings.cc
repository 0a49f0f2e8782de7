#include "envs/robot/task_warnings.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace anole {

bool EndingEarlyPays(const RobotTask& task) {
  if (task.terminations.empty()) return false;
  return std::ranges::none_of(task.rewards, [](const RobotReward& reward) {
    const Bounds bounds = reward.made->bounds();
    return reward.weight > 0 ? bounds.highest > 0 : reward.weight < 0 && bounds.lowest < 0;
  });
}

std::vector<std::string> WarningsOf(const RobotTask& task) {
  std::vector<std::string> warnings;
  for (const RobotAction& action : task.actions) {
    for (std::string& warning : action.made->Warnings()) {
      warnings.push_back(std::move(warning));
    }
  }
  for (const auto& motion : task.robot.motions) {
    std::ranges::move(motion->Warnings(*task.robot.model), std::back_inserter(warnings));
  }
  if (EndingEarlyPays(task)) {
    warnings.emplace_back(
        "no [[reward]] can be above 0, and there is a [[termination]]: an episode that ends early "
        "costs less; add a [[reward]] of term \"alive\" that outweighs what a step costs");
  }
  return warnings;
}

}  // namespace anole
