#include "agents/control/critic.h"

#include "agents/adam.h"
#include "agents/control/task_mean.h"

namespace anole {

void CriticOptions::Describe(VisitOf<CriticOptions> visit) {
  visit("critic.hidden", &CriticOptions::hidden,
        {.help = "sizes of the hidden layers (tanh)",
         .min = 1,
         .max = 65536,
         .max_size = 16,
         .use = Use::kPolicy});
  visit("critic.steps", &CriticOptions::steps,
        {.help = "gradient steps by which an update fits the critic to its batch, after the batch "
                 "was judged by it",
         .min = 0,
         .max = 10000});
  visit("critic.step_size", &CriticOptions::step_size,
        {.help = "of these steps, by Adam", .min = 0, .max = 1e6});
}

template <class Scalar>
Critic<Scalar>::Critic(const CriticOptions& options, std::int64_t seen, std::int64_t horizon,
                       double discount)
    : options_(options),
      shape_(seen + 1, options.hidden, 1),
      horizon_(horizon),
      left_(DiscountedSums(Vector::Ones(horizon), discount)) {}

template <class Scalar>
Vector Critic<Scalar>::Values(VectorIn params, const ObservationScale& scale, MatrixIn observations,
                              MatrixIn privileged, VectorIn times) const {
  const Mlp<Scalar> network(shape_, params);
  auto pass = network.MakePass(0);
  pass.activations[0] = Inputs(scale, observations, privileged, times);
  network.Forward(pass);
  return pass.activations.back().row(0).transpose().template cast<double>().cwiseProduct(
      Weights(times));
}

template <class Scalar>
Vector Critic<Scalar>::Gradient(VectorIn params, const ObservationScale& scale,
                                std::span<const Samples> samples) const {
  const Mlp<Scalar> network(shape_, params);
  return TaskMean(samples, shape_.size(), [&](const Samples& task) {
    auto pass = network.MakePass(0);
    pass.activations[0] = Inputs(scale, task.observations, task.privileged, task.times);
    network.Forward(pass);
    const Vector weights = Weights(task.times) / left_[0];
    const Vector errors =
        task.returns / left_[0] -
        pass.activations.back().row(0).transpose().template cast<double>().cwiseProduct(weights);
    Array output_gradient = (errors.cwiseProduct(weights) / static_cast<double>(errors.size()))
                                .template cast<Scalar>()
                                .transpose();
    Vector gradient = Vector::Zero(shape_.size());
    network.Backward(pass, output_gradient, gradient);
    return gradient;
  });
}

template <class Scalar>
Vector Critic<Scalar>::Fit(VectorIn params, const ObservationScale& scale,
                           std::span<const Samples> samples) const {
  Vector fitted = params, memory;
  if (!HasSamples(samples)) return fitted;
  for (std::int64_t i = 0; i < options_.steps; ++i) {
    const Vector gradient = Gradient(fitted, scale, samples);
    if (!gradient.allFinite()) return params;
    fitted += AdamStep(gradient, options_.step_size, AdamOptions(), i, memory);
  }
  return fitted;
}

template <class Scalar>
typename Critic<Scalar>::Array Critic<Scalar>::Inputs(const ObservationScale& scale,
                                                      MatrixIn observations, MatrixIn privileged,
                                                      VectorIn times) const {
  Array inputs(shape_.inputs(), observations.cols());
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    inputs.col(i).head(observations.rows()) = (observations.col(i) - scale.mean)
                                                  .cwiseQuotient(scale.deviation)
                                                  .cwiseMax(-kObservationClip)
                                                  .cwiseMin(kObservationClip)
                                                  .template cast<Scalar>();
  }
  inputs.middleRows(observations.rows(), privileged.rows()) =
      privileged.cwiseMax(-kObservationClip).cwiseMin(kObservationClip).template cast<Scalar>();
  inputs.bottomRows(1) =
      (times / static_cast<double>(horizon_)).transpose().template cast<Scalar>();
  return inputs;
}

template <class Scalar>
Vector Critic<Scalar>::Weights(VectorIn times) const {
  return times.unaryExpr([&](double time) { return left_[static_cast<Eigen::Index>(time)]; });
}

template class Critic<float>;
template class Critic<double>;

}  // namespace anole
