// An outer optimiser: how far theta moves along the meta gradient's direction.
#pragma once

#include <cstdint>

#include "agents/inner_loop.h"
#include "agents/linear_schedule.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "meta/frozen_meta_batch.h"
#include "meta/meta_state.h"

namespace anole {

// What a step is made from.
struct OuterStep {
  const Vector& direction;       // (parameters), an ascent direction of the objective
  std::int64_t count;            // of outer steps made before in this run
  const FrozenMetaBatch& batch;  // to be asked only where needs_objective()
};

// Const; what an optimiser remembers is state.optimizer, empty before the first step.
class OuterOptimizer {
 public:
  virtual ~OuterOptimizer() = default;

  // Whether steps are as long as the step size says.
  virtual bool takes_step_size() const { return true; }

  // Whether it evaluates the objective as theta moves, and so steps only once in an iteration.
  virtual bool needs_objective() const { return false; }

  // Of what it remembers, state.optimizer, from the first step on; `parameters`: of theta.
  virtual std::int64_t memory_size(std::int64_t /*parameters*/) const { return 0; }

  // Moves state.theta. Collective where needs_objective().
  virtual void Step(const OuterStep& outer, MetaState& state) const = 0;
};

using OuterOptimizers = Registry<OuterOptimizer, const LinearSchedule&>;
template <class Optimizer>
using RegisterOptimizer = Registration<OuterOptimizer, Optimizer, const LinearSchedule&>;

}  // namespace anole
