#include "agents/control/frozen_control.h"

#include <utility>

#include "agents/control/ratio_surrogate.h"
#include "agents/control/task_mean.h"

namespace anole {
namespace {

using Policy = ControlPolicy<float>;

double MeanKl(const Policy& from, const Policy& to, std::span<const Samples> samples) {
  return TaskMean(samples, 1, [&](const Samples& task) -> Vector {
    return Vector::Constant(1, from.MeanKl(to, task.steps()));
  })[0];
}

Vector KlGradient(const Policy& from, const Policy& to, std::span<const Samples> samples) {
  return TaskMean(samples, to.size(),
                  [&](const Samples& task) { return to.KlGradient(from, task.steps()); });
}

}  // namespace

void FrozenControl::Add(FrozenBatch batch, PathPoint point) {
  batches_.push_back(std::move(batch));
  origin_.push_back(std::move(point));
}

UpdateContext FrozenControl::Context(const FrozenBatch& batch) const {
  return {.address = batch.address,
          .step_scale = batch.step_scale,
          .noise_ratio = noise_ratio_,
          .ratios = objective_.ratios};
}

AdaptationPath FrozenControl::Follow(VectorIn theta) const {
  AdaptationPath path;
  Vector params = theta, memory;
  for (std::size_t k = 0; k < updates(); ++k) {
    const Policy policy = origin_[k].policy.At(params);
    path.push_back({policy, learner_.Update(policy, batches_[k].samples, Context(batches_[k]),
                                            memory, params)});
  }
  path.push_back({origin_.back().policy.At(params), {}});
  return path;
}

Vector FrozenControl::Back(const AdaptationPath& path, std::size_t k, Vector v) const {
  if (path[k].stats.refused) return v;  // the parameters stayed
  return learner_.BackPropagate(path[k].policy, batches_[k].samples, Context(batches_[k]),
                                path[k].stats, v);
}

Vector FrozenControl::BackPropagate(Vector v) const {
  for (std::size_t k = updates(); k-- > 0;) v = Back(origin_, k, std::move(v));
  return v;
}

FrozenValue FrozenControl::At(VectorIn theta) const {
  const AdaptationPath path = Follow(theta);
  const std::vector<Samples>& last = batches_.back().samples;
  FrozenValue value{.objective = RatioSurrogate(path.back().policy, last, objective_.clip),
                    .kl = MeanKl(origin_.back().policy, path.back().policy, last)};
  if (objective_.kl_penalty == 0) return value;
  for (std::size_t k = 0; k < updates(); ++k) {
    value.objective -= objective_.kl_penalty / static_cast<double>(updates()) *
                       MeanKl(origin_[k].policy, path[k].policy, batches_[k].samples);
  }
  return value;
}

Vector FrozenControl::Gradient(VectorIn theta) const {
  const AdaptationPath path = Follow(theta);
  Vector v = RatioGradient(path.back().policy, batches_.back().samples, objective_.clip);
  for (std::size_t k = updates(); k-- > 0;) {
    v = Back(path, k, std::move(v));
    if (objective_.kl_penalty == 0) continue;
    v -= objective_.kl_penalty / static_cast<double>(updates()) *
         KlGradient(origin_[k].policy, path[k].policy, batches_[k].samples);
  }
  return v;
}

Vector FrozenControl::KlHessianProduct(VectorIn v) const {
  Vector u = v;
  for (std::size_t k = 0; k < updates(); ++k) {
    if (origin_[k].stats.refused) continue;
    u = learner_.Propagate(origin_[k].policy, batches_[k].samples, Context(batches_[k]),
                           origin_[k].stats, u);
  }
  const Policy& policy = origin_.back().policy;
  return BackPropagate(TaskMean(batches_.back().samples, policy.size(), [&](const Samples& task) {
    return policy.FisherProduct(task.steps(), u);
  }));
}

}  // namespace anole
