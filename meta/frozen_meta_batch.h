// The adaptations of a meta-batch, asked again from other parameters on their frozen batches: means
// over tasks of what frozen_adaptation.h says of one.
#pragma once

#include <functional>
#include <span>

#include "agents/inner_loop.h"
#include "meta/communicator.h"

namespace anole {

// Each rank asks the adaptations that it made, in parallel; the answers are gathered and summed in
// task order, so that they are bitwise the same on any number of threads and ranks.
class FrozenMetaBatch {
 public:
  // adaptations: of all ranks, in task order; each has `frozen` on the rank that made it. Both
  // outlive this.
  FrozenMetaBatch(std::span<const Adaptation> adaptations, const Communicator& ranks)
      : adaptations_(adaptations), ranks_(ranks) {}

  // All collective. Vectors are (parameters).
  FrozenValue At(VectorIn theta) const;
  Vector Gradient(VectorIn theta) const;
  Vector KlHessianProduct(VectorIn v) const;

 private:
  Vector Mean(const std::function<Vector(const FrozenAdaptation&)>& ask) const;

  std::span<const Adaptation> adaptations_;
  const Communicator& ranks_;
};

}  // namespace anole
