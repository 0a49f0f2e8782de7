// An inner learner: how a policy is improved from a batch of its own episodes.
#pragma once

#include <cstdint>
#include <span>

#include "agents/control/advantages.h"
#include "agents/network/gaussian_policy.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"

namespace anole {

// What a learner knows of the update beside the samples.
struct UpdateContext {
  std::int64_t update = 0;   // number of updates made before
  const Vector& step_scale;  // (parameters): multiplies the step, learned and per layer
  double noise_ratio = 1;    // sigma / sigma_0: action noise now over that at the first iteration
};

struct UpdateStats {
  Vector gradient;  // (parameters), ascent direction of the return, before any clipping
  double step_norm = 0;
  bool refused = false;  // the gradient was not finite, so the parameters are as they were
};

// Const and thread-safe.
class InnerLearner {
 public:
  virtual ~InnerLearner() = default;

  // Improves `params`. samples: of each task that is learned at once (one, or those of a mixture),
  // drawn with `policy`, whose parameters are `params`; advantages normalised as the user wants
  // them. memory: what the learner keeps between the updates of an adaptation; empty at first.
  virtual UpdateStats Update(const GaussianPolicy<float>& policy, std::span<const Samples> samples,
                             const UpdateContext& context, Vector& memory,
                             VectorOut params) const = 0;
};

using InnerLearners = Registry<InnerLearner>;
template <class Learner>
using RegisterLearner = Registration<InnerLearner, Learner>;

}  // namespace anole
