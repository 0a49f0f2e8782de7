#include "agents/network/gaussian_policy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anole {
namespace {

constexpr double kObservationClip = 10;  // after normalisation [standard deviations]
constexpr std::int64_t kChunk = 256;     // samples of a pass: activations stay in the L2 cache

// Half the log of 2 pi, for each action dimension.
const double kLogNormalizer = 0.5 * std::log(2 * std::numbers::pi);

}  // namespace

void PolicyOptions::Describe(OptionVisitor& visit) {
  visit("policy.hidden", hidden,
        {.help = "sizes of the hidden layers (tanh)", .min = 1, .max = 65536, .max_size = 16});
  visit("policy.log_std_mode", log_std_mode,
        {.help = "log standard deviation of actions: part of theta, fixed, or linear over "
                 "meta.anneal_iterations",
         .choices = {"learned", "fixed", "scheduled"}});
  visit("policy.log_std", log_std,
        {.help = "log standard deviation of actions at first", .min = -20, .max = 5});
  if (log_std_mode == "scheduled" || visit.everything()) {
    visit("policy.log_std_final", log_std_final,
          {.help = "log standard deviation at the end of the schedule", .min = -20, .max = 5});
  }
  if (log_std_mode == "learned" || visit.everything()) {
    visit("policy.log_std_floor", log_std_floor,
          {.help = "a learned log standard deviation acts as at least this", .min = -20, .max = 5});
  }
  visit("policy.normalize_observations", normalize_observations,
        {.help = "learn shift and scale of the observations, the same for all tasks"});
}

std::vector<Block> PolicyShape::Blocks() const {
  std::vector<Block> blocks = network.Blocks("policy");
  if (learns_log_std) blocks.push_back({"policy/log_std", {network.outputs()}});
  return blocks;
}

template <class Scalar>
GaussianPolicy<Scalar>::GaussianPolicy(const PolicyShape& shape, VectorIn params, VectorIn log_std,
                                       const ObservationScale& scale)
    : shape_(shape),
      network_(shape.network, params),
      shift_(scale.mean.cast<Scalar>()),
      factor_(scale.deviation.cwiseInverse().cast<Scalar>()),
      log_std_(log_std),
      standard_deviation_(log_std.array().exp()) {}

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
void GaussianPolicy<Scalar>::Mean(VectorIn observation, typename Mlp<Scalar>::Pass& pass,
                                  VectorOut mean) const {
  Normalize(observation, pass.activations[0]);
  network_.Forward(pass);
  mean = pass.activations.back().col(0).template cast<double>();
}

template <class Scalar>
double GaussianPolicy<Scalar>::LogProb(VectorIn noise) const {
  return -0.5 * noise.squaredNorm() - log_std_.sum() -
         kLogNormalizer * static_cast<double>(log_std_.size());
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::LogProbs(MatrixIn observations, MatrixIn actions) const {
  Vector log_probs(observations.cols());
  auto pass = MakePass();
  Vector mean(actions.rows());
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    Mean(observations.col(i), pass, mean);
    log_probs[i] = LogProb((actions.col(i) - mean).cwiseQuotient(standard_deviation_));
  }
  return log_probs;
}

template <class Scalar>
double GaussianPolicy<Scalar>::MeanKl(const GaussianPolicy& other, MatrixIn observations) const {
  auto pass = MakePass();
  const Eigen::Index actions = log_std_.size(), n = observations.cols();
  Vector mean(actions), other_mean(actions), squares = Vector::Zero(actions);
  for (Eigen::Index i = 0; i < n; ++i) {
    Mean(observations.col(i), pass, mean);
    other.Mean(observations.col(i), pass, other_mean);
    squares += (mean - other_mean).cwiseAbs2() / static_cast<double>(n);
  }
  const Vector variance = standard_deviation_.cwiseAbs2();
  const Vector other_variance = other.standard_deviation_.cwiseAbs2();
  return (other.log_std_ - log_std_).sum() +
         0.5 * ((variance + squares).cwiseQuotient(other_variance).sum() -
                static_cast<double>(actions));
}

template <class Scalar>
double GaussianPolicy<Scalar>::Entropy() const {
  return log_std_.sum() + (kLogNormalizer + 0.5) * static_cast<double>(log_std_.size());
}

template <class Scalar>
Vector GaussianPolicy<Scalar>::WeightedGradient(MatrixIn observations, MatrixIn actions,
                                                VectorIn weights) const {
  Vector gradient = Vector::Zero(shape_.size());
  const std::int64_t n = observations.cols();
  auto pass = network_.MakePass(std::min(n, kChunk));
  const ScalarVector precision =
      standard_deviation_.array().square().inverse().matrix().template cast<Scalar>();
  Array output_gradient;
  for (std::int64_t first = 0; first < n; first += kChunk) {
    const std::int64_t count = std::min(kChunk, n - first);
    pass.activations[0].resize(observations.rows(), count);
    Normalize(observations.middleCols(first, count), pass.activations[0]);
    network_.Forward(pass);
    // d log pi / d mean = (a - mean) / std^2;  d log pi / d log_std = ((a - mean) / std)^2 - 1.
    const Array deviation =
        actions.middleCols(first, count).template cast<Scalar>() - pass.activations.back();
    const ScalarVector weight = weights.segment(first, count).template cast<Scalar>();
    if (shape_.learns_log_std) {
      const Array terms = ((deviation.array().square().colwise() * precision.array()) - 1).matrix();
      gradient.tail(shape_.network.outputs()) += (terms * weight).template cast<double>();
    }
    output_gradient =
        (deviation.array().colwise() * precision.array()).rowwise() * weight.transpose().array();
    network_.Backward(pass, output_gradient, gradient);
  }
  return gradient;
}

template class GaussianPolicy<float>;
template class GaussianPolicy<double>;

}  // namespace anole
