// An adaptation whose batches are frozen: what would have come of the same updates, on the same
// episodes, from another theta? For meta gradients and outer optimisers that climb an objective by
// more than one look at it, as ProMP and TRPO do. Whoever takes one look, as Reptile does, never
// sees this.
//
// With phi_k(theta) the parameters after k of the K updates, and the superscript o for the theta
// that sampled, the objective is a surrogate of the return after adaptation,
//
//   J(theta) = mean_K min(r A, clip(r, 1 - clip, 1 + clip) A)
//              - kl_penalty * mean over k < K of mean_k KL(pi_phi_k^o || pi_phi_k),
//
// with mean_k over the samples of batch k, r = pi_phi_K(a | o) / pi_phi_K^o(a | o) and advantages
// A. Held fixed as theta moves: episodes, advantages, step sizes.
#pragma once

#include <limits>

#include "envs/linear_algebra.h"

namespace anole {

struct AdaptationObjective {
  // Inner updates follow mean(r A), r against the policy that sampled the update's batch, instead
  // of mean(A log pi). At theta^o the updates are the same, their derivatives are not.
  bool ratios = false;
  double clip = std::numeric_limits<double>::infinity();  // infinity: r A alone
  double kl_penalty = 0;                                  // [1 / nat]
};

struct FrozenValue {
  double objective = 0;
  double kl = 0;  // mean_K KL(pi_phi_K^o || pi_phi_K): how far the adapted policy has moved [nats]
};

// Const and thread-safe. All vectors are (parameters), as theta.
class FrozenAdaptation {
 public:
  virtual ~FrozenAdaptation() = default;

  virtual FrozenValue At(VectorIn theta) const = 0;

  // Of the objective in theta, through the updates.
  virtual Vector Gradient(VectorIn theta) const = 0;

  // H v, with H the Hessian of FrozenValue::kl in theta at theta^o. It is exact: J^T F J, with J
  // the derivative of phi_K in theta and F the Fisher information at phi_K^o, because there the KL
  // has no gradient that the curvature of the updates could act on.
  virtual Vector KlHessianProduct(VectorIn v) const = 0;
};

}  // namespace anole
