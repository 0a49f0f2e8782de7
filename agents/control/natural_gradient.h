// The natural gradient (Kakade 2001) of a batch: the direction in which the return rises most for
// how much the policy changes, measured by the KL divergence, however it is parameterised.
#pragma once

#include <cstdint>
#include <span>

#include "agents/control/advantages.h"
#include "agents/network/policy.h"
#include "configs/option.h"
#include "envs/linear_algebra.h"

namespace anole {

struct NaturalGradientOptions {
  double kl = 0.1;
  double damping = 0.01;
  std::int64_t iterations = 10;

  static void Describe(VisitOf<NaturalGradientOptions> visit);
};

// (parameters): the step s along x = (F + damping I)^-1 gradient that has the KL
//
//   E[KL(policy || policy at params + s)] = s^T F s / 2 + O(|s|^3) = options.kl
//
// to second order (Schulman et al. 2015, appendix C). F: Fisher information, mean over tasks; x by
// conjugate gradients. 0 where the gradient is.
Vector NaturalStep(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                   VectorIn gradient, const NaturalGradientOptions& options);

}  // namespace anole
