// The updates of an adaptation by policy gradients: differentiated, and made again on the same
// samples from other parameters.
#pragma once

#include <cstddef>
#include <vector>

#include "agents/control/inner_learner.h"
#include "agents/frozen_adaptation.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

// What an update was made from.
struct FrozenBatch {
  std::vector<Samples> samples;  // of each task that is learned at once; advantages normalised
  Address address;               // of the batch
  Vector step_scale;             // (parameters)
};

// Where an update began, and what it did.
struct PathPoint {
  ControlPolicy<float> policy;
  UpdateStats stats;
};
using AdaptationPath = std::vector<PathPoint>;

class FrozenControl : public FrozenAdaptation {
 public:
  // The learner, which has derivatives, outlives this.
  FrozenControl(const InnerLearner& learner, const AdaptationObjective& objective,
                double noise_ratio)
      : learner_(learner), objective_(objective), noise_ratio_(noise_ratio) {}

  // Batch after batch, what was sampled with point.policy; the last one, which scores and from
  // which no update was made, has no stats.
  void Add(FrozenBatch batch, PathPoint point);

  // J^T v, with J the derivative of the parameters after the updates that were made in those
  // before.
  Vector BackPropagate(Vector v) const;

  FrozenValue At(VectorIn theta) const override;
  Vector Gradient(VectorIn theta) const override;
  Vector KlHessianProduct(VectorIn v) const override;

 private:
  std::size_t updates() const { return batches_.size() - 1; }
  UpdateContext Context(const FrozenBatch& batch) const;

  // From theta, on the frozen batches; its last policy is the adapted one.
  AdaptationPath Follow(VectorIn theta) const;

  // J^T v of update k on `path`.
  Vector Back(const AdaptationPath& path, std::size_t k, Vector v) const;

  const InnerLearner& learner_;
  AdaptationObjective objective_;
  double noise_ratio_;
  std::vector<FrozenBatch> batches_;
  AdaptationPath origin_;  // of the adaptation as it was
};

}  // namespace anole
