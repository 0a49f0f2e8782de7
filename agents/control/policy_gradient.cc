#include "agents/control/policy_gradient.h"

#include "agents/control/task_mean.h"

namespace anole {

template <class Scalar>
Vector PolicyGradient(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples) {
  return TaskMean(samples, policy.size(), [&](const Samples& task) {
    const auto steps = static_cast<double>(task.advantages.size());
    return policy.WeightedGradient(task.steps(), task.actions, task.advantages / steps);
  });
}

template <class Scalar>
Vector PolicyHessianProduct(const ControlPolicy<Scalar>& policy, std::span<const Samples> samples,
                            VectorIn v) {
  return TaskMean(samples, policy.size(), [&](const Samples& task) {
    const Eigen::Index steps = task.advantages.size();
    return policy.HessianProduct(task.steps(), task.actions,
                                 task.advantages / static_cast<double>(steps), Vector::Zero(steps),
                                 v);
  });
}

template Vector PolicyGradient(const ControlPolicy<float>&, std::span<const Samples>);
template Vector PolicyGradient(const ControlPolicy<double>&, std::span<const Samples>);
template Vector PolicyHessianProduct(const ControlPolicy<float>&, std::span<const Samples>,
                                     VectorIn);
template Vector PolicyHessianProduct(const ControlPolicy<double>&, std::span<const Samples>,
                                     VectorIn);

}  // namespace anole
