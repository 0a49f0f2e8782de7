#include "agents/control/inner_learner.h"

#include "agents/control/policy_gradient.h"
#include "agents/control/task_mean.h"

namespace anole {

UpdateStats InnerLearner::Begin(const GaussianPolicy<float>& policy,
                                std::span<const Samples> samples) {
  UpdateStats stats;
  stats.gradient = PolicyGradient(policy, samples);
  stats.refused = !HasSamples(samples) || !stats.gradient.allFinite();
  return stats;
}

}  // namespace anole
