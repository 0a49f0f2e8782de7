// Policies at parameters of a test's own, and batches of their actions at random observations.
#pragma once

#include "agents/control/advantages.h"
#include "agents/network/policy.h"
#include "envs/random.h"

namespace anole {

// The policy at `params`, which sees observations as they are; where its log standard deviations
// are not among them, they are -.4.
template <class Scalar>
ControlPolicy<Scalar> PolicyAt(const PolicyShape& shape, VectorIn params) {
  const std::int64_t observations = shape.network.inputs(), actions = shape.network.outputs();
  return {
      shape,
      params,
      shape.learns_log_std ? Vector(params.tail(actions)) : Vector(Vector::Constant(actions, -0.4)),
      {Vector::Zero(observations), Vector::Ones(observations)}};
}

// With random advantages. observation_dim: of the policy.
inline Samples RandomSamples(const ControlPolicy<float>& policy, Eigen::Index observation_dim,
                             Eigen::Index steps, Rng& rng) {
  const auto random = [&](Eigen::Index rows, Eigen::Index columns) -> Matrix {
    return Matrix::NullaryExpr(rows, columns, [&] { return rng.Normal(); });
  };
  const Eigen::Index actions = policy.log_std().size();
  Samples samples{random(observation_dim, steps), random(actions, steps), Vector(),
                  random(steps, 1)};
  samples.privileged = Matrix(0, steps);
  auto pass = policy.MakeMemory();
  Vector mean(actions);
  for (Eigen::Index i = 0; i < steps; ++i) {
    policy.Mean(samples.observations.col(i), pass, mean);
    samples.actions.col(i) =
        mean + policy.standard_deviation().cwiseProduct(samples.actions.col(i));
  }
  samples.log_probs = policy.LogProbs(samples.observations, samples.actions);
  return samples;
}

}  // namespace anole
