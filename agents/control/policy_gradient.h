// The policy gradient, as inner learners and meta gradients use it.
#pragma once

#include <span>

#include "agents/control/advantages.h"
#include "agents/network/gaussian_policy.h"
#include "envs/linear_algebra.h"

namespace anole {

// (parameters): the mean over tasks of a task's mean of grad log pi(a | o) * advantage (Williams
// 1992; with a baseline, Sutton et al. 2000). samples: one element for each task.
Vector PolicyGradient(const GaussianPolicy<float>& policy, std::span<const Samples> samples);

}  // namespace anole
