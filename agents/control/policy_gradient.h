// The policy gradient, as inner learners and meta gradients use it, and its derivative. They
// compute in Scalar (float for work, double for proofs).
#pragma once

#include <span>

#include "agents/control/advantages.h"
#include "agents/network/policy.h"
#include "envs/linear_algebra.h"

namespace anole {

// (parameters): the mean over tasks of a task's mean of grad log pi(a | o) * advantage (Williams
// 1992; with a baseline, Sutton et al. 2000). samples: one element for each task.
template <class Scalar>
Vector PolicyGradient(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples);

// (parameters): H v, with H the derivative of PolicyGradient in the parameters, samples held fixed.
template <class Scalar>
Vector PolicyHessianProduct(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                            VectorIn v);

}  // namespace anole
