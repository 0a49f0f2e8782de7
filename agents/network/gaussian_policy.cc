#include "agents/network/gaussian_policy.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "agents/network/policy_feedback.h"

namespace anole {
namespace {

constexpr std::int64_t kChunk = 256;  // samples of a pass: activations stay in the L2 cache
// Sequences of a pass of a policy that remembers: as many columns as a product needs to be fast.
constexpr std::int64_t kSequences = 16;

// Half the log of 2 pi, for each action dimension.
const double kLogNormalizer = 0.5 * std::log(2 * std::numbers::pi);

template <class Scalar>
Gru<Scalar> MakeGru(const PolicyShape& shape, VectorIn params) {
  return shape.gru.units > 0 ? Gru<Scalar>(shape.gru, params) : Gru<Scalar>();
}

}  // namespace

template <class Scalar>
GaussianPolicy<Scalar>::GaussianPolicy(const PolicyShape& shape, VectorIn params, VectorIn log_std,
                                       const ObservationScale& scale)
    : shape_(shape),
      network_(shape.network, params),
      gru_(MakeGru<Scalar>(shape, params)),
      scale_(scale),
      shift_(scale.mean.cast<Scalar>()),
      factor_(scale.deviation.cwiseInverse().cast<Scalar>()),
      log_std_(log_std),
      standard_deviation_(log_std.array().exp()) {}

template <class Scalar>
GaussianPolicy<Scalar> GaussianPolicy<Scalar>::At(VectorIn params) const {
  return {shape_, params, shape_.learns_log_std ? shape_.LearnedLogStd(params) : log_std_, scale_};
}

template <class Scalar>
void GaussianPolicy<Scalar>::Normalize(MatrixIn observations, Array& inputs) const {
  // Column by column: Eigen would otherwise need a temporary for the broadcast shift.
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    inputs.col(i) = ((observations.col(i).cast<Scalar>() - shift_).array() * factor_.array())
                        .cwiseMax(Scalar(-kObservationClip))
                        .cwiseMin(Scalar(kObservationClip));
  }
}

template <class Scalar>
std::size_t GaussianPolicy<Scalar>::BytesOf(const Memory& memory) const {
  Eigen::Index numbers = memory.input.size() + memory.state.h.size() + memory.state.input.size() +
                         memory.state.product.size();
  for (const auto& activations : memory.pass.activations) numbers += activations.size();
  return sizeof(Scalar) * static_cast<std::size_t>(numbers) +
         sizeof(double) * static_cast<std::size_t>(memory.feedback.size());
}

template <class Scalar>
typename GaussianPolicy<Scalar>::Memory GaussianPolicy<Scalar>::MakeMemory() const {
  return {network_.MakePass(1), Array(remembers() ? shape_.observation_dim() : 0, 1),
          gru_.MakeState(), Vector::Zero(shape_.feedback_dim)};
}

template <class Scalar>
void GaussianPolicy<Scalar>::BeginEpisode(Memory& memory) const {
  memory.state.h.setZero();
  memory.feedback.setZero();
}

template <class Scalar>
void GaussianPolicy<Scalar>::Recall(const Memory& memory, VectorOut observation) const {
  observation.tail(shape_.feedback_dim) = memory.feedback;
}

template <class Scalar>
void GaussianPolicy<Scalar>::Remember(Memory& memory, VectorIn action, double reward,
                                      bool ended) const {
  if (shape_.feedback_dim > 0) WriteFeedback(action, reward, ended, memory.feedback);
}

template <class Scalar>
void GaussianPolicy<Scalar>::Mean(VectorIn observation, Memory& memory, VectorOut mean) const {
  if (remembers()) {
    Normalize(observation, memory.input);
    gru_.Step(memory.input, memory.state);
    memory.pass.activations[0] = memory.state.h;
  } else {
    Normalize(observation, memory.pass.activations[0]);
  }
  network_.Forward(memory.pass);
  mean = memory.pass.activations.back().col(0).template cast<double>();
}

template <class Scalar>
double GaussianPolicy<Scalar>::LogProb(VectorIn noise) const {
  return -0.5 * noise.squaredNorm() - log_std_.sum() -
         kLogNormalizer * static_cast<double>(log_std_.size());
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::LogProbs(const Sequences& steps, MatrixIn actions) const {
  const MatrixIn& observations = steps.observations;
  Vector log_probs(observations.cols());
  Memory memory = MakeMemory();
  Vector mean(actions.rows());
  ForEachStep(
      steps, [&] { BeginEpisode(memory); },
      [&](Eigen::Index i) {
        Mean(observations.col(i), memory, mean);
        log_probs[i] = LogProb((actions.col(i) - mean).cwiseQuotient(standard_deviation_));
      });
  return log_probs;
}

template <class Scalar>
double GaussianPolicy<Scalar>::MeanKl(const GaussianPolicy& other, const Sequences& steps,
                                      Eigen::Index stride) const {
  const MatrixIn& observations = steps.observations;
  Memory memory = MakeMemory(), other_memory = other.MakeMemory();
  const Eigen::Index actions = log_std_.size();
  const Eigen::Index n = (observations.cols() + stride - 1) / stride;
  Vector mean(actions), other_mean(actions), squares = Vector::Zero(actions);
  const auto begin = [&] {
    BeginEpisode(memory);
    other.BeginEpisode(other_memory);
  };
  ForEachStep(steps, begin, [&](Eigen::Index i) {
    const bool counts = i % stride == 0;
    if (!counts && !remembers()) return;
    Mean(observations.col(i), memory, mean);
    other.Mean(observations.col(i), other_memory, other_mean);
    if (counts) squares += (mean - other_mean).cwiseAbs2() / static_cast<double>(n);
  });
  const Vector variance = standard_deviation_.cwiseAbs2();
  const Vector other_variance = other.standard_deviation_.cwiseAbs2();
  return (other.log_std_ - log_std_).sum() +
         0.5 * ((variance + squares).cwiseQuotient(other_variance).sum() -
                static_cast<double>(actions));
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::KlGradient(const GaussianPolicy& from,
                                          const Sequences& steps) const {
  const MatrixIn& observations = steps.observations;
  Vector gradient = Vector::Zero(shape_.size());
  const Eigen::Index actions = log_std_.size();
  const auto n = static_cast<double>(observations.cols());
  const ScalarVector weights = Precision() / static_cast<Scalar>(n);
  Vector squares = Vector::Zero(actions);
  Pass from_pass = from.MakePass();
  Array output_gradient;
  ForEachPass(steps, [&](std::int64_t /*first*/, const Sequences& some, const Pass& pass) {
    from.Forward(some, from_pass);
    const Array difference = pass.means() - from_pass.means();
    squares += difference.array().square().rowwise().sum().matrix().template cast<double>() / n;
    output_gradient = difference.array().colwise() * weights.array();
    Backward(pass, output_gradient, gradient);
  });
  if (shape_.learns_log_std) {
    const Vector from_variance = from.standard_deviation_.cwiseAbs2();
    gradient.tail(actions) +=
        Vector::Ones(actions) -
        (from_variance + squares).cwiseQuotient(standard_deviation_.cwiseAbs2());
  }
  return gradient;
}

template <class Scalar>
double GaussianPolicy<Scalar>::Entropy() const {
  return log_std_.sum() + (kLogNormalizer + 0.5) * static_cast<double>(log_std_.size());
}

template <class Scalar>
void GaussianPolicy<Scalar>::Forward(const Sequences& steps, Pass& pass) const {
  Array& inputs = remembers() ? pass.inputs : pass.network.activations[0];
  inputs.resize(steps.observations.rows(), steps.observations.cols());
  Normalize(steps.observations, inputs);
  if (remembers()) gru_.Forward(inputs, steps.lengths, pass.gru, pass.network.activations[0]);
  network_.Forward(pass.network);
}

template <class Scalar>
void GaussianPolicy<Scalar>::Backward(const Pass& pass, Array& output_gradient,
                                      VectorOut gradient) const {
  if (!remembers()) return network_.Backward(pass.network, output_gradient, gradient);
  Array state_gradient;
  network_.Backward(pass.network, output_gradient, gradient, &state_gradient);
  gru_.Backward(pass.gru, state_gradient, gradient);
}

template <class Scalar>
typename GaussianPolicy<Scalar>::Direction GaussianPolicy<Scalar>::Along(VectorIn v) const {
  return {Mlp<Scalar>(shape_.network, v), MakeGru<Scalar>(shape_, v)};
}

template <class Scalar>
void GaussianPolicy<Scalar>::Tangent(const Pass& pass, const Direction& direction,
                                     Pass& tangent) const {
  if (remembers()) tangent.network.activations[0] = gru_.Tangent(pass.gru, direction.gru);
  network_.Tangent(pass.network, direction.network, tangent.network, remembers());
}

template <class Scalar>
void GaussianPolicy<Scalar>::ForEachPass(const Sequences& steps, const PassBody& body) const {
  const std::int64_t n = steps.observations.cols();
  Pass pass = MakePass();
  const auto run = [&](std::int64_t first, std::int64_t count,
                       std::span<const std::int64_t> lengths) {
    const Sequences some(steps.observations.middleCols(first, count), lengths);
    Forward(some, pass);
    body(first, some, pass);
  };
  if (!remembers()) {
    for (std::int64_t first = 0; first < n; first += kChunk) {
      run(first, std::min(kChunk, n - first), {});
    }
    return;
  }
  std::vector<std::int64_t> lengths;
  std::int64_t first = 0, count = 0;
  for (std::int64_t i = 0; i < steps.count(); ++i) {
    lengths.push_back(steps.length(i));
    count += steps.length(i);
    if (std::ssize(lengths) < kSequences && i + 1 < steps.count()) continue;
    run(first, count, lengths);
    lengths.clear();
    first += std::exchange(count, 0);
  }
}

template <class Scalar>
template <class Begin, class Body>
void GaussianPolicy<Scalar>::ForEachStep(const Sequences& steps, const Begin& begin,
                                         const Body& body) {
  Eigen::Index step = 0;
  for (std::int64_t i = 0; i < steps.count(); ++i) {
    begin();
    for (const Eigen::Index end = step + steps.length(i); step < end; ++step) body(step);
  }
}

template <class Scalar>
typename GaussianPolicy<Scalar>::ScalarVector GaussianPolicy<Scalar>::Precision() const {
  return standard_deviation_.array().square().inverse().matrix().template cast<Scalar>();
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::WeightedGradient(const Sequences& steps, MatrixIn actions,
                                                VectorIn weights) const {
  return WeightedGradient(steps, actions,
                          [&](Eigen::Index i, double /*log_prob*/) { return weights[i]; });
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::WeightedGradient(const Sequences& steps, MatrixIn actions,
                                                const Weight& weight) const {
  Vector gradient = Vector::Zero(shape_.size());
  const ScalarVector precision = Precision();
  const double log_prob_of_mean = LogProb(Vector::Zero(log_std_.size()));
  Array output_gradient;
  ForEachPass(steps, [&](std::int64_t first, const Sequences& /*some*/, const Pass& pass) {
    const std::int64_t count = pass.means().cols();
    // d log pi / d mean = (a - mean) / std^2;  d log pi / d log_std = ((a - mean) / std)^2 - 1.
    const Array deviation = actions.middleCols(first, count).template cast<Scalar>() - pass.means();
    const Array squares = deviation.array().square().colwise() * precision.array();
    ScalarVector weights(count);
    for (std::int64_t i = 0; i < count; ++i) {
      const double log_prob = log_prob_of_mean - 0.5 * static_cast<double>(squares.col(i).sum());
      weights[i] = static_cast<Scalar>(weight(first + i, log_prob));
    }
    if (shape_.learns_log_std) {
      const Array terms = (squares.array() - 1).matrix();
      gradient.tail(shape_.network.outputs()) += (terms * weights).template cast<double>();
    }
    output_gradient =
        (deviation.array().colwise() * precision.array()).rowwise() * weights.transpose().array();
    Backward(pass, output_gradient, gradient);
  });
  return gradient;
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::FisherProduct(const Sequences& steps, VectorIn v) const {
  Vector product = Vector::Zero(shape_.size());
  const Direction direction = Along(v);
  const ScalarVector precision =
      Precision() / static_cast<Scalar>(std::max<Eigen::Index>(steps.observations.cols(), 1));
  Pass tangent = MakePass();
  ForEachPass(steps, [&](std::int64_t /*first*/, const Sequences& /*some*/, const Pass& pass) {
    Tangent(pass, direction, tangent);
    Array output_gradient = tangent.means().array().colwise() * precision.array();
    Backward(pass, output_gradient, product);
  });
  if (shape_.learns_log_std) {
    const Eigen::Index actions = shape_.network.outputs();
    product.tail(actions) = 2 * v.tail(actions);
  }
  return product;
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::HessianProduct(const Sequences& steps, MatrixIn actions,
                                              VectorIn weights, VectorIn curvatures,
                                              VectorIn v) const {
  if (remembers()) {
    throw std::logic_error("second derivatives of a policy that remembers are not computed");
  }
  Vector product = Vector::Zero(shape_.size());
  const Mlp<Scalar> direction(shape_.network, v);
  const ScalarVector precision = Precision();
  const Eigen::Index outputs = shape_.network.outputs();
  // How log_std moves along v; the precision then moves by -2 of it, times itself.
  const ScalarVector log_std_tangent = shape_.learns_log_std
                                           ? ScalarVector(v.tail(outputs).template cast<Scalar>())
                                           : ScalarVector(ScalarVector::Zero(outputs));
  auto tangent = network_.MakePass(0);
  ForEachPass(steps, [&](std::int64_t first, const Sequences& /*some*/, const Pass& whole) {
    const auto& pass = whole.network;
    const std::int64_t count = pass.activations[0].cols();
    network_.Tangent(pass, direction, tangent);
    const Array deviation =
        actions.middleCols(first, count).template cast<Scalar>() - pass.activations.back();
    // The derivatives of log pi that WeightedGradient has, and how they move along v.
    const Array by_mean = deviation.array().colwise() * precision.array();
    const Array by_log_std = (by_mean.array() * deviation.array() - 1).matrix();
    const Array by_mean_tangent =
        -(tangent.activations.back().array().colwise() * precision.array()) -
        by_mean.array().colwise() * (2 * log_std_tangent.array());
    const Array by_log_std_tangent = by_mean_tangent.array() * deviation.array() -
                                     by_mean.array() * tangent.activations.back().array();
    const ScalarVector log_prob_tangent =
        by_mean.cwiseProduct(tangent.activations.back()).colwise().sum().transpose() +
        by_log_std.transpose() * log_std_tangent;
    const ScalarVector weight = weights.segment(first, count).template cast<Scalar>();
    const ScalarVector weight_tangent =
        curvatures.segment(first, count).template cast<Scalar>().cwiseProduct(log_prob_tangent);
    if (shape_.learns_log_std) {
      product.tail(outputs) +=
          (by_log_std_tangent * weight + by_log_std * weight_tangent).template cast<double>();
    }
    Array output_gradient = by_mean.array().rowwise() * weight.transpose().array();
    Array output_tangent = by_mean_tangent.array().rowwise() * weight.transpose().array() +
                           by_mean.array().rowwise() * weight_tangent.transpose().array();
    network_.BackwardTangent(pass, direction, tangent, output_gradient, output_tangent, product);
  });
  return product;
}

double BytesThroughTime(const PolicyShape& shape, std::int64_t sequences, std::int64_t length) {
  constexpr double kNumbers = 15;  // of a unit and step: Gru::Pass, and what Backward makes of it
  return kNumbers * sizeof(float) * static_cast<double>(shape.gru.units) *
         static_cast<double>(std::min(sequences, kSequences)) * static_cast<double>(length);
}

template class GaussianPolicy<float>;
template class GaussianPolicy<double>;

}  // namespace anole
