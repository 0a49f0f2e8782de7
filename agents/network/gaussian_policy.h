// Gaussian policy: a ~ N(mean(o), diag(exp(log_std))^2), the mean an MLP of the normalised
// observation, or, of a policy that remembers, of the state of a gated recurrent unit that has met
// the observations since the episode began. The log standard deviation does not depend on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "agents/network/gru.h"
#include "agents/network/mlp.h"
#include "agents/network/policy_shape.h"
#include "agents/network/sequences.h"
#include "envs/linear_algebra.h"

namespace anole {

// After shift and scale [standard deviations].
inline constexpr double kObservationClip = 10;

// Shift and scale of observations: (o - mean) / deviation, clipped.
struct ObservationScale {
  Vector mean, deviation;  // (observation_dim)
};

// The policy at given parameters. Const and thread-safe; computes in Scalar.
template <class Scalar>
class GaussianPolicy {
 public:
  using Array = typename Mlp<Scalar>::Array;

  // log_std: (action_dim), effective: where it is learned, the parameters with the floor applied.
  GaussianPolicy(const PolicyShape& shape, VectorIn params, VectorIn log_std,
                 const ObservationScale& scale);

  // The same policy at other parameters; a log standard deviation that is not learned stays.
  GaussianPolicy At(VectorIn params) const;

  std::int64_t size() const { return shape_.size(); }                        // number of parameters
  std::int64_t observation_dim() const { return shape_.observation_dim(); }  // all that it sees

  bool remembers() const { return shape_.gru.units > 0; }

  // Of a thread that acts, so that acting allocates nothing.
  struct Memory {
    typename Mlp<Scalar>::Pass pass;
    Array input;                        // (observation_dim x 1), normalised
    typename Gru<Scalar>::State state;  // of a policy that remembers
    Vector feedback;                    // (feedback_dim): what it is told of its last step
  };
  Memory MakeMemory() const;
  void BeginEpisode(Memory& memory) const;  // forgets everything
  std::size_t BytesOf(const Memory& memory) const;

  // Completes what the policy sees, whose first numbers are the task's: the last are the feedback.
  void Recall(const Memory& memory, VectorOut observation) const;

  // After a step. action: raw; ended: whether an episode ended with it.
  void Remember(Memory& memory, VectorIn action, double reward, bool ended) const;

  // observation: (observation_dim), completed; mean: (action_dim), written.
  void Mean(VectorIn observation, Memory& memory, VectorOut mean) const;

  const Vector& log_std() const { return log_std_; }
  const Vector& standard_deviation() const { return standard_deviation_; }

  // log pi(a | o) of the raw (unclipped) action whose standardised noise (a - mean)/std is `noise`.
  double LogProb(VectorIn noise) const;

  // (n): log pi(a_i | o_i). steps: n of them, actions: (action_dim x n).
  Vector LogProbs(const Sequences& steps, MatrixIn actions) const;

  // KL(this || other) [nats], mean over every stride-th of the steps.
  double MeanKl(const GaussianPolicy& other, const Sequences& steps, Eigen::Index stride = 1) const;

  // (parameters): the gradient in this policy's parameters of from.MeanKl(*this, steps).
  Vector KlGradient(const GaussianPolicy& from, const Sequences& steps) const;

  double Entropy() const;  // [nats]

  // Gradient in the parameters of sum_i weights_i log pi(a_i | o_i), flat as PolicyShape says.
  // Where a learned log_std sits at its floor, this and the products below are those without the
  // floor, so that it can rise again.
  Vector WeightedGradient(const Sequences& steps, MatrixIn actions, VectorIn weights) const;

  // The same with weights_i = weight(i, log pi(a_i | o_i)).
  using Weight = std::function<double(Eigen::Index sample, double log_prob)>;
  Vector WeightedGradient(const Sequences& steps, MatrixIn actions, const Weight& weight) const;

  // (parameters): F v, with F the Fisher information of the policy, mean over the steps:
  // J^T diag(1 / std^2) J, where J is the derivative of the mean action, and 2 I for a learned
  // log_std. F is the Hessian of MeanKl(other, steps) at other = this.
  Vector FisherProduct(const Sequences& steps, VectorIn v) const;

  // (parameters): H v, with H the Hessian of sum_i s_i(log pi(a_i | o_i)). weights and curvatures
  // hold the first and second derivatives of the s_i: A_i and 0 for log-likelihoods weighted with
  // A_i; r_i A_i and r_i A_i for likelihood ratios r_i = pi / pi_old weighted with A_i.
  // Throws std::logic_error of a policy that remembers.
  Vector HessianProduct(const Sequences& steps, MatrixIn actions, VectorIn weights,
                        VectorIn curvatures, VectorIn v) const;

 private:
  using ScalarVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

  // Of the network and the recurrent unit before it; without one, its part is empty.
  struct Pass {
    typename Mlp<Scalar>::Pass network;
    typename Gru<Scalar>::Pass gru;
    Array inputs;  // of the unit: (observation_dim x steps), normalised

    const Array& means() const { return network.activations.back(); }  // (action_dim x steps)
  };
  // Parameters move along these.
  struct Direction {
    Mlp<Scalar> network;
    Gru<Scalar> gru;
  };

  void Normalize(MatrixIn observations, Array& inputs) const;

  Pass MakePass() const { return {network_.MakePass(0), {}, {}}; }
  void Forward(const Sequences& steps, Pass& pass) const;
  void Backward(const Pass& pass, Array& output_gradient, VectorOut gradient) const;
  Direction Along(VectorIn v) const;
  void Tangent(const Pass& pass, const Direction& direction, Pass& tangent) const;

  // Forward passes over the steps, some at a time: body(first column, steps, pass).
  using PassBody =
      std::function<void(std::int64_t first, const Sequences& steps, const Pass& pass)>;
  void ForEachPass(const Sequences& steps, const PassBody& body) const;

  // Steps one after another, as they are acted: body(column). A policy that remembers forgets at
  // the start of each sequence by begin().
  template <class Begin, class Body>
  static void ForEachStep(const Sequences& steps, const Begin& begin, const Body& body);

  ScalarVector Precision() const;  // (action_dim): 1 / std^2

  PolicyShape shape_;
  Mlp<Scalar> network_;
  Gru<Scalar> gru_;
  ObservationScale scale_;
  ScalarVector shift_, factor_;  // of observations: (o - shift) * factor
  Vector log_std_, standard_deviation_;
};

// What a gradient takes of one that remembers, at least, from so many sequences of so many steps
// [bytes]: a pass goes through several of them at once, whole. 0 of one that does not.
double BytesThroughTime(const PolicyShape& shape, std::int64_t sequences, std::int64_t length);

extern template class GaussianPolicy<float>;
extern template class GaussianPolicy<double>;

}  // namespace anole
