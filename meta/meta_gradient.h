// A meta gradient: the direction in which the initial parameters move, given the adaptations of a
// meta-batch. The outer optimiser decides how far.
#pragma once

#include <cstdint>
#include <span>

#include "agents/inner_loop.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "meta/outer_optimizer.h"

namespace anole {

// What a meta gradient asks of each adaptation, beside its parameters.
struct Needs {
  Derivative derivative = Derivative::kNone;
  AdaptationObjective objective = {};  // of which the direction is the gradient, from kAtTheta on
  // Of the outer optimiser for a meta-batch; before each but the first, the gradient of the
  // objective is taken anew on the frozen adaptations.
  std::int64_t outer_steps = 1;
};

// Const and thread-safe.
class MetaGradient {
 public:
  virtual ~MetaGradient() = default;

  virtual Needs needs() const { return {}; }

  // (parameters): an ascent direction of the objective after adaptation. batch: in task order.
  virtual Vector Direction(std::span<const Adaptation> batch, VectorIn theta) const = 0;
};

// (parameters): of the adaptations' gradients.
Vector MeanGradient(std::span<const Adaptation> batch);

// What an adaptation in training does for `gradient` and `optimizer`. Throws UserError where `loop`
// cannot, or the two do not go together.
Plan TrainingPlan(const InnerLoop& loop, const MetaGradient& gradient,
                  const OuterOptimizer& optimizer);

using MetaGradients = Registry<MetaGradient>;
template <class Gradient>
using RegisterMetaGradient = Registration<MetaGradient, Gradient>;

}  // namespace anole
