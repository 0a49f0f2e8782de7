#include "agents/control/policy_gradient.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "agents/parallel_for.h"

namespace anole {

Vector PolicyGradient(const GaussianPolicy<float>& policy, std::span<const Samples> samples) {
  std::vector<Vector> gradients(samples.size());
  ParallelFor(static_cast<std::int64_t>(samples.size()), [&](std::int64_t i) {
    const Samples& task = samples[static_cast<std::size_t>(i)];
    const auto steps = static_cast<double>(std::max<Eigen::Index>(task.advantages.size(), 1));
    gradients[static_cast<std::size_t>(i)] =
        policy.WeightedGradient(task.observations, task.actions, task.advantages / steps);
  });
  for (std::size_t i = 1; i < gradients.size(); ++i) gradients[0] += gradients[i];
  return gradients.size() == 1 ? gradients[0] : gradients[0] / static_cast<double>(samples.size());
}

}  // namespace anole
