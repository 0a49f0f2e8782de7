// An outer optimiser: how far theta moves along the meta gradient's direction.
#pragma once

#include <algorithm>
#include <cstdint>

#include "agents/inner_loop.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"

namespace anole {

// The step size over a run: linear from `first` to `last` in `length` iterations, then constant.
struct StepSchedule {
  double first = 1, last = 1;
  std::int64_t length = 0;  // 0: constant at `first`

  double At(std::int64_t iteration) const {
    if (length == 0) return first;
    const double progress = static_cast<double>(iteration) / static_cast<double>(length);
    return first + (last - first) * std::min(progress, 1.);
  }
};

// Const; what an optimiser remembers is state.optimizer, empty before the first step.
class OuterOptimizer {
 public:
  virtual ~OuterOptimizer() = default;

  // Moves state.theta along `direction` (parameters).
  virtual void Step(VectorIn direction, MetaState& state) const = 0;
};

using OuterOptimizers = Registry<OuterOptimizer, const StepSchedule&>;
template <class Optimizer>
using RegisterOptimizer = Registration<OuterOptimizer, Optimizer, const StepSchedule&>;

}  // namespace anole
