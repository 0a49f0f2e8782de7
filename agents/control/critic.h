// A critic: state values by an MLP whose parameters are a block of theta, so that what the
// meta-learner does to the policy it does to the critic too.
//
//   V(o, t) = w(t) u(o, t / horizon),   w(t) = sum of discount^k over the steps k that are left:
//
// u, the network's output, is a mean of rewards still to come. So it is of the size of a reward
// however long the horizon, and V ends with 0.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/control/advantages.h"
#include "agents/network/mlp.h"
#include "agents/network/policy.h"
#include "configs/option.h"
#include "envs/linear_algebra.h"

namespace anole {

struct CriticOptions {
  std::vector<std::int64_t> hidden = {32, 32};
  std::int64_t steps = 10;
  double step_size = 0.01;

  static void Describe(VisitOf<CriticOptions> visit);
};

// Const and thread-safe; computes in Scalar (float for work, double for proofs).
template <class Scalar>
class Critic {
 public:
  // seen: numbers of an observation and what is privileged; horizon: [control steps]; discount: per
  // control step.
  Critic(const CriticOptions& options, std::int64_t seen, std::int64_t horizon, double discount);

  const MlpShape& shape() const { return shape_; }  // of the network, and so of `params` below

  // (steps): V of each of `observations` (observation_dim x steps, raw) and `privileged`
  // (privileged_dim x steps, raw), met at `times` [control steps]. Observations are normalised by
  // `scale`, as the policy's; what is privileged is not.
  Vector Values(VectorIn params, const ObservationScale& scale, MatrixIn observations,
                MatrixIn privileged, VectorIn times) const;

  // (parameters): ascent direction of minus half the squared error of V against the discounted
  // returns, each divided by w(0); mean over tasks, as for policy gradients.
  Vector Gradient(VectorIn params, const ObservationScale& scale,
                  std::span<const Samples> samples) const;

  // (parameters): after so many steps as the options say along the gradient, by Adam, whose memory
  // starts empty. Where a gradient is not finite, or nothing was sampled, the parameters stay.
  Vector Fit(VectorIn params, const ObservationScale& scale,
             std::span<const Samples> samples) const;

 private:
  using Array = typename Mlp<Scalar>::Array;

  // (seen + 1 x steps)
  Array Inputs(const ObservationScale& scale, MatrixIn observations, MatrixIn privileged,
               VectorIn times) const;
  Vector Weights(VectorIn times) const;  // (steps): w

  CriticOptions options_;
  MlpShape shape_;
  std::int64_t horizon_;
  Vector left_;  // (horizon): w of each step
};

extern template class Critic<float>;
extern template class Critic<double>;

}  // namespace anole
