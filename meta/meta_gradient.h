// A meta gradient: the direction in which the initial parameters move, given the adaptations of a
// meta-batch. The outer optimiser decides how far.
#pragma once

#include <span>

#include "agents/inner_loop.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"

namespace anole {

// What a meta gradient asks of each adaptation, beside its parameters.
struct Needs {
  bool gradient = false;      // Adaptation::gradient, which takes one more batch
  bool second_order = false;  // that gradient in theta instead of at phi
};

// Const and thread-safe.
class MetaGradient {
 public:
  virtual ~MetaGradient() = default;

  virtual Needs needs() const { return {}; }

  // (parameters): an ascent direction of the objective after adaptation. batch: in task order.
  virtual Vector Direction(std::span<const Adaptation> batch, VectorIn theta) const = 0;
};

// What an adaptation in training does for `gradient`. Throws UserError where `loop` cannot.
Plan TrainingPlan(const InnerLoop& loop, const MetaGradient& gradient);

using MetaGradients = Registry<MetaGradient>;
template <class Gradient>
using RegisterMetaGradient = Registration<MetaGradient, Gradient>;

}  // namespace anole
