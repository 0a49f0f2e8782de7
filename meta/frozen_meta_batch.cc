#include "meta/frozen_meta_batch.h"

#include <cstddef>
#include <vector>

#include "agents/parallel_for.h"

namespace anole {

Vector FrozenMetaBatch::Mean(const std::function<Vector(const FrozenAdaptation&)>& ask) const {
  const auto tasks = static_cast<std::int64_t>(adaptations_.size());
  const Part part = PartOf(tasks, ranks_.rank(), ranks_.size());
  std::vector<Vector> mine(static_cast<std::size_t>(part.count));
  ParallelFor(part.count, [&](std::int64_t i) {
    mine[static_cast<std::size_t>(i)] =
        ask(*adaptations_[static_cast<std::size_t>(part.first + i)].frozen);
  });
  std::vector<double> packed;
  for (const Vector& answer : mine) packed.insert(packed.end(), answer.begin(), answer.end());
  const std::vector<double> all = ranks_.Gather(packed);
  const auto size = static_cast<Eigen::Index>(all.size()) / tasks;
  Vector sum = Vector::Zero(size);
  for (Eigen::Index i = 0; i < tasks; ++i) {
    sum += Eigen::Map<const Vector>(all.data() + i * size, size);
  }
  return sum / static_cast<double>(tasks);
}

FrozenValue FrozenMetaBatch::At(VectorIn theta) const {
  const Vector mean = Mean([&](const FrozenAdaptation& adaptation) -> Vector {
    const FrozenValue value = adaptation.At(theta);
    return Eigen::Vector2d(value.objective, value.kl);
  });
  return {.objective = mean[0], .kl = mean[1]};
}

Vector FrozenMetaBatch::Gradient(VectorIn theta) const {
  return Mean([&](const FrozenAdaptation& adaptation) { return adaptation.Gradient(theta); });
}

Vector FrozenMetaBatch::KlHessianProduct(VectorIn v) const {
  return Mean([&](const FrozenAdaptation& adaptation) { return adaptation.KlHessianProduct(v); });
}

}  // namespace anole
