#include "tools/run/logs/metrics.h"

#include <fmt/format.h>

#include <algorithm>
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

std::vector<Column> MetricsColumns(const InnerLoopSpec& spec) {
  const std::string& score = spec.score;
  const std::string samples = SamplesColumn(spec.rolls_out);
  std::vector<Column> columns = {
      {"iteration", "", "meta-iterations done"},
      {samples, "", "that the run has learned from so far"},
      {score + "/before", "", "mean over the tasks, before any update"},
      {score + "/after_K", "", "the same on the batch after K updates"},
      {score + "/after", "", "the same on the last batch"},
      {score + "/after_spread", "", "standard deviation between tasks on the last batch"},
      {"meta/direction_norm", "", "length of the meta gradient"},
      {"meta/step_norm", "", "length of the outer step; 0: it was refused"},
      {"meta/kl", "nats", "KL of the adapted policies by the outer step, where that is measured"},
      {"meta/adapted_distance", "", "length of a task's way from theta to phi, mean over tasks"},
      {"meta/adapted_cosine", "", "cosine between the ways of two tasks, mean over pairs"}};
  for (std::size_t fact = kSamplesFact + 1; fact < spec.facts.size(); ++fact) {
    const Column& column = spec.facts[fact];
    columns.push_back({"inner/" + column.name, column.unit, column.help + "; mean over updates"});
  }
  for (const Column& column : spec.facts) {
    if (!column.per_update) continue;
    columns.push_back({column.name + "/update_K", column.unit, column.help + "; of update K"});
  }
  columns.push_back(
      {"step_multiplier/update_K", "", "learned multiplier of update K's step, mean over layers"});
  columns.push_back({"time/iteration_s", "s", "of the iteration"});
  columns.push_back({"time/" + samples + "_per_s", "1/s", "in the iteration"});
  columns.push_back(
      {"time/simulation_share", "", "share of the threads' time in the simulator (estimated)"});
  columns.push_back(
      {"time/idle_share", "", "share of the threads' time in which nothing was done"});
  columns.push_back({"validation/after_K", "", "score on validation tasks after K updates"});
  columns.push_back({"validation/mean", "", "mean of those over all K"});
  columns.push_back(
      {"validation/worst_tenth", "", "worst tenth of the tasks after the last update"});
  return columns;
}

const Column* FindColumn(const std::vector<Column>& columns, const std::string& name) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  const std::string pattern = digits < name.size() ? name.substr(0, digits) + "K" : name;
  const auto found = std::ranges::find(columns, pattern, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

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
  const auto column = [&](Eigen::Index fact) -> const Column& {
    return spec.facts[static_cast<std::size_t>(fact)];
  };
  for (Eigen::Index fact = kSamplesFact + 1; fact < mean.rows(); ++fact) {
    const double value = inner.row(fact).mean();
    if (fact == kSuccessFact && std::isnan(value)) continue;  // the family knows no success
    row.emplace_back("inner/" + column(fact).name, value);
  }
  for (Eigen::Index fact = kSharedFacts; fact < mean.rows(); ++fact) {
    if (!column(fact).per_update) continue;
    for (Eigen::Index k = 0; k < inner.cols(); ++k) {
      row.emplace_back(fmt::format("{}/update_{}", column(fact).name, k + 1), inner(fact, k));
    }
  }
  const Vector multipliers = RowMeans("inner/step_multipliers", state.context, spec.layout);
  for (Eigen::Index k = 0; k < multipliers.size(); ++k) {
    row.emplace_back(fmt::format("step_multiplier/update_{}", k + 1), multipliers[k]);
  }
  return row;
}

}  // namespace anole
