// The surrogate of likelihood ratios r = pi(a | o) / pi_old(a | o), pi_old the policy that sampled:
//
//   mean of min(r A, clip(r, 1 - clip, 1 + clip) A)
//
// (Schulman et al. 2017, equations 6 and 7). At pi = pi_old its gradient is the policy gradient,
// but its Hessian is not that of mean(A log pi): it has A grad log pi grad log pi^T as well, which
// tells how the gradient moves as other actions become likely. It estimates the curvature of the
// return with low variance, and a bias that vanishes near optima (Rothfuss et al. 2019, "ProMP",
// section 5).
//
// Means over tasks of means over a task's samples; computed in Scalar (float for work, double for
// proofs).
#pragma once

#include <limits>
#include <span>

#include "agents/control/advantages.h"
#include "agents/network/policy.h"
#include "envs/linear_algebra.h"

namespace anole {

inline constexpr double kNoClip = std::numeric_limits<double>::infinity();

template <class Scalar>
double RatioSurrogate(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                      double clip = kNoClip);

// (parameters): the gradient of RatioSurrogate; samples whose minimum is the clipped one have none.
template <class Scalar>
Vector RatioGradient(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                     double clip = kNoClip);

// (parameters): H v, with H the Hessian of RatioSurrogate without a clip.
template <class Scalar>
Vector RatioHessianProduct(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                           VectorIn v);

}  // namespace anole
