#include "agents/control/ratio_surrogate.h"

#include <cmath>

#include "agents/control/task_mean.h"

namespace anole {
namespace {

template <class Scalar>
Vector Ratios(const ControlPolicy<Scalar>& policy, const Samples& task) {
  return (policy.LogProbs(task.steps(), task.actions) - task.log_probs).array().exp();
}

}  // namespace

template <class Scalar>
double RatioSurrogate(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                      double clip) {
  return TaskMean(samples, 1, [&](const Samples& task) -> Vector {
    const Vector ratios = Ratios(policy, task);
    const Vector clipped = ratios.cwiseMax(1 - clip).cwiseMin(1 + clip);
    return Vector::Constant(1, ratios.cwiseProduct(task.advantages)
                                   .cwiseMin(clipped.cwiseProduct(task.advantages))
                                   .mean());
  })[0];
}

template <class Scalar>
Vector RatioGradient(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                     double clip) {
  return TaskMean(samples, policy.size(), [&](const Samples& task) {
    const auto steps = static_cast<double>(task.advantages.size());
    return policy.WeightedGradient(
        task.steps(), task.actions, [&](Eigen::Index i, double log_prob) {
          const double ratio = std::exp(log_prob - task.log_probs[i]);
          const double advantage = task.advantages[i];
          const bool is_clipped = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip;
          return is_clipped ? 0 : ratio * advantage / steps;
        });
  });
}

template <class Scalar>
Vector RatioHessianProduct(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                           VectorIn v) {
  return TaskMean(samples, policy.size(), [&](const Samples& task) {
    const auto steps = static_cast<double>(task.advantages.size());
    const Vector weights = Ratios(policy, task).cwiseProduct(task.advantages) / steps;
    return policy.HessianProduct(task.steps(), task.actions, weights, weights, v);
  });
}

template double RatioSurrogate(const ControlPolicy<float>&, std::span<const Samples>, double);
template double RatioSurrogate(const ControlPolicy<double>&, std::span<const Samples>, double);
template Vector RatioGradient(const ControlPolicy<float>&, std::span<const Samples>, double);
template Vector RatioGradient(const ControlPolicy<double>&, std::span<const Samples>, double);
template Vector RatioHessianProduct(const ControlPolicy<float>&, std::span<const Samples>,
                                    VectorIn);
template Vector RatioHessianProduct(const ControlPolicy<double>&, std::span<const Samples>,
                                    VectorIn);

}  // namespace anole
