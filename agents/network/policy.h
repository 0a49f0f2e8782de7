// What inner learners and rollouts need of a policy, and the one that they learn with. Another
// kind meets the concept and takes the place of the alias below.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "agents/network/gaussian_policy.h"
#include "agents/network/sequences.h"
#include "envs/linear_algebra.h"

namespace anole {

// The policy at given parameters, const and thread-safe. Actions are normally distributed about
// Mean, by standard_deviation; what the functions compute is said in gaussian_policy.h.
template <class P>
concept PolicyLike = requires(const P& policy, typename P::Memory& memory, const Sequences& steps,
                              MatrixIn actions, VectorIn vector, VectorOut mean, double reward,
                              bool ended, const typename P::Weight& weight) {
  // Whether an action depends on more than the observation beside it, so that steps mean
  // nothing out of their order.
  { policy.remembers() } -> std::same_as<bool>;
  { policy.size() } -> std::same_as<std::int64_t>;
  { policy.At(vector) } -> std::same_as<P>;

  // Acting: the memory is a thread's, and acting allocates nothing.
  { policy.MakeMemory() } -> std::same_as<typename P::Memory>;
  policy.BeginEpisode(memory);
  { policy.BytesOf(memory) } -> std::convertible_to<std::size_t>;  // beside the struct itself
  policy.Recall(memory, mean);
  policy.Mean(vector, memory, mean);
  policy.Remember(memory, vector, reward, ended);
  { policy.log_std() } -> std::convertible_to<VectorIn>;
  { policy.standard_deviation() } -> std::convertible_to<VectorIn>;
  { policy.LogProb(vector) } -> std::same_as<double>;
  { policy.Entropy() } -> std::same_as<double>;

  // Learning, from whole episodes.
  { policy.LogProbs(steps, actions) } -> std::same_as<Vector>;
  { policy.WeightedGradient(steps, actions, vector) } -> std::same_as<Vector>;
  { policy.WeightedGradient(steps, actions, weight) } -> std::same_as<Vector>;
  { policy.HessianProduct(steps, actions, vector, vector, vector) } -> std::same_as<Vector>;
  { policy.FisherProduct(steps, vector) } -> std::same_as<Vector>;
  { policy.MeanKl(policy, steps, Eigen::Index{}) } -> std::same_as<double>;
  { policy.KlGradient(policy, steps) } -> std::same_as<Vector>;
};

// Computes in Scalar: float for work, double for proofs.
template <class Scalar>
using ControlPolicy = GaussianPolicy<Scalar>;

static_assert(PolicyLike<ControlPolicy<float>> && PolicyLike<ControlPolicy<double>>);

}  // namespace anole
