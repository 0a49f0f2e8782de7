#include "tools/run/logs/metrics.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

namespace anole {
namespace {

// The block `name` of the context, an element for each row of its shape: the mean of that row.
Vector RowMeans(const std::string& name, VectorIn context, const Layout& layout) {
  std::int64_t offset = 0;
  for (const Block& block : layout.context) {
    if (block.name == name) {
      const std::int64_t rows = block.shape.front();
      return context.segment(offset, block.size())
          .reshaped<Eigen::RowMajor>(rows, block.size() / rows)
          .rowwise()
          .mean();
    }
    offset += block.size();
  }
  return {};
}

}  // namespace

std::string SamplesColumn(bool rolls_out) { return rolls_out ? "env_steps" : "examples"; }

MetricsRow Metrics(const MetaState& state, const InnerLoopSpec& spec, const IterationFacts& facts) {
  // (facts x batches): means over the tasks
  Matrix mean = Matrix::Zero(facts.batch[0].facts.rows(), facts.batch[0].facts.cols());
  for (const Adaptation& adaptation : facts.batch) {
    mean += adaptation.facts / static_cast<double>(facts.batch.size());
  }
  const Eigen::Index last = mean.cols() - 1;
  double square = 0;
  for (const Adaptation& adaptation : facts.batch) {
    square += std::pow(adaptation.facts(kScoreFact, last) - mean(kScoreFact, last), 2);
  }
  MetricsRow row = {{"iteration", static_cast<double>(state.iteration)},
                    {SamplesColumn(spec.rolls_out), static_cast<double>(state.samples)},
                    {spec.score + "/before", mean(kScoreFact, 0)}};
  for (Eigen::Index k = 1; k <= last; ++k) {
    row.emplace_back(fmt::format("{}/after_{}", spec.score, k), mean(kScoreFact, k));
  }
  row.emplace_back(spec.score + "/after", mean(kScoreFact, last));
  row.emplace_back(spec.score + "/after_spread",
                   std::sqrt(square / static_cast<double>(facts.batch.size())));
  row.emplace_back("meta/direction_norm", state.direction_norm);
  row.emplace_back("meta/step_norm", facts.step_norm);
  if (facts.kl) row.emplace_back("meta/kl", *facts.kl);
  row.emplace_back("meta/adapted_distance", facts.adapted_distance);
  row.emplace_back("meta/adapted_cosine", facts.adapted_cosine);

  // Of the batches that updates learned from: a batch after them has no step.
  const Matrix inner = mean.leftCols(spec.training.updates);
  const auto name = [&](Eigen::Index fact) { return spec.facts[static_cast<std::size_t>(fact)]; };
  for (Eigen::Index fact = kSamplesFact + 1; fact < mean.rows(); ++fact) {
    const double value = inner.row(fact).mean();
    if (fact == kSuccessFact && std::isnan(value)) continue;  // the family knows no success
    row.emplace_back("inner/" + name(fact), value);
  }
  for (Eigen::Index fact = kSharedFacts; fact < mean.rows(); ++fact) {
    if (name(fact) != "kl" && name(fact) != "gradient_norm") continue;
    for (Eigen::Index k = 0; k < inner.cols(); ++k) {
      row.emplace_back(fmt::format("{}/update_{}", name(fact), k + 1), inner(fact, k));
    }
  }
  const Vector multipliers = RowMeans("inner/step_multipliers", state.context, spec.layout);
  for (Eigen::Index k = 0; k < multipliers.size(); ++k) {
    row.emplace_back(fmt::format("step_multiplier/update_{}", k + 1), multipliers[k]);
  }
  return row;
}

}  // namespace anole
