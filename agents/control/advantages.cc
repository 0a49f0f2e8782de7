#include "agents/control/advantages.h"

#include <Eigen/Cholesky>
#include <cstddef>
#include <optional>
#include <vector>

namespace anole {
namespace {

constexpr double kFeatureClip = 10;
constexpr double kTimeUnit = 100;  // [control steps]

double Variance(VectorIn values) { return (values.array() - values.mean()).square().mean(); }

}  // namespace

void AdvantageOptions::Describe(VisitOf<AdvantageOptions> visit) {
  visit("inner.discount", &AdvantageOptions::discount,
        {.help = "of rewards, per control step", .min = 0, .max = 1});
  visit("inner.gae_lambda", &AdvantageOptions::gae_lambda,
        {.help = "generalised advantage estimation: 0 trusts the baseline, 1 the returns",
         .min = 0,
         .max = 1});
  visit("inner.baseline", &AdvantageOptions::baseline,
        {.help = "what advantages are measured against: a linear function of features, fitted to "
                 "each batch anew, or a network, meta-learned as a part of theta",
         .use = Use::kPolicy});
}

Vector StepTimes(std::int64_t length) {
  return Vector::LinSpaced(length, 0, static_cast<double>(length - 1));
}

Vector DiscountedSums(VectorIn values, double factor) {
  Vector sums(values.size());
  double sum = 0;
  for (Eigen::Index t = values.size(); t-- > 0;) {
    sum = values[t] + factor * sum;
    sums[t] = sum;
  }
  return sums;
}

Vector GeneralizedAdvantages(VectorIn rewards, VectorIn values, double discount, double lambda) {
  const Eigen::Index length = rewards.size();
  Vector errors = rewards - values;
  errors.head(length - 1) += discount * values.tail(length - 1);
  return DiscountedSums(errors, discount * lambda);
}

LinearBaseline::LinearBaseline(std::span<const Episode* const> episodes,
                               std::span<const Vector> returns) {
  const Episode& first = *episodes.front();
  const Eigen::Index features = Size(first.observations.rows() + first.privileged.rows());
  Matrix gram = Matrix::Zero(features, features);
  weights_ = Vector::Zero(features);
  double steps = 0;
  for (std::size_t i = 0; i < episodes.size(); ++i) {
    const Matrix phi = Features(*episodes[i]);
    gram.selfadjointView<Eigen::Lower>().rankUpdate(phi);
    weights_ += phi * returns[i];
    steps += static_cast<double>(phi.cols());
  }
  // Enough to make any batch solvable, too little to matter in an ordinary one.
  gram.diagonal().array() += 1e-5 * steps / 1000 + 1e-3;
  weights_ = gram.selfadjointView<Eigen::Lower>().ldlt().solve(weights_).eval();
}

Vector LinearBaseline::Values(const Episode& episode) const {
  return Features(episode).transpose() * weights_;
}

Matrix LinearBaseline::Features(const Episode& episode) {
  const Eigen::Index own = episode.observations.rows(), privileged = episode.privileged.rows();
  const Eigen::Index n = own + privileged;
  Matrix features(Size(n), episode.length);
  auto seen = features.topRows(n);
  seen.topRows(own) = episode.observations.leftCols(episode.length);
  seen.bottomRows(privileged) = episode.privileged.leftCols(episode.length);
  seen = seen.cwiseMax(-kFeatureClip).cwiseMin(kFeatureClip);
  features.middleRows(n, n) = seen.cwiseAbs2();
  for (Eigen::Index step = 0; step < episode.length; ++step) {
    const double t = static_cast<double>(step) / kTimeUnit;
    features.col(step).tail(4) = Eigen::Vector4d(t, t * t, t * t * t, 1);
  }
  return features;
}

Samples EstimateAdvantages(std::span<const Episode> episodes, const AdvantageOptions& options,
                           const EpisodeValues& values) {
  std::vector<const Episode*> usable;
  std::vector<Vector> returns;
  std::int64_t steps = 0;
  for (const Episode& episode : episodes) {
    if (episode.end == End::kDiverged || episode.length == 0) continue;
    usable.push_back(&episode);
    returns.push_back(DiscountedSums(episode.rewards.head(episode.length), options.discount));
    steps += episode.length;
  }
  if (usable.empty()) return {};
  std::optional<LinearBaseline> baseline;
  if (!values) baseline.emplace(usable, returns);
  Samples samples{.observations = Matrix(usable[0]->observations.rows(), steps),
                  .actions = Matrix(usable[0]->actions.rows(), steps),
                  .log_probs = Vector(steps),
                  .advantages = Vector(steps),
                  .times = Vector(steps),
                  .returns = Vector(steps),
                  .lengths = {},
                  .privileged = Matrix(usable[0]->privileged.rows(), steps)};
  Vector errors(steps);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    const Episode* episode = usable[i];
    const std::int64_t length = episode->length;
    const Vector baselines = baseline ? baseline->Values(*episode) : values(*episode);
    samples.observations.middleCols(first, length) = episode->observations.leftCols(length);
    samples.privileged.middleCols(first, length) = episode->privileged.leftCols(length);
    samples.actions.middleCols(first, length) = episode->actions.leftCols(length);
    samples.log_probs.segment(first, length) = episode->log_probs.head(length);
    samples.advantages.segment(first, length) = GeneralizedAdvantages(
        episode->rewards.head(length), baselines, options.discount, options.gae_lambda);
    samples.times.segment(first, length) = StepTimes(length);
    samples.returns.segment(first, length) = returns[i];
    errors.segment(first, length) = returns[i] - baselines;
    samples.lengths.push_back(length);
    first += length;
  }
  const double variance = Variance(samples.returns);
  if (variance > 0) samples.explained_variance = 1 - Variance(errors) / variance;
  return samples;
}

}  // namespace anole
