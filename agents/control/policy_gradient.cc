#include "agents/control/policy_gradient.h"

#include "agents/control/task_mean.h"

namespace anole {

Vector PolicyGradient(const GaussianPolicy<float>& policy, std::span<const Samples> samples) {
  return TaskMean(samples, policy.size(), [&](const Samples& task) {
    const auto steps = static_cast<double>(task.advantages.size());
    return policy.WeightedGradient(task.observations, task.actions, task.advantages / steps);
  });
}

}  // namespace anole
