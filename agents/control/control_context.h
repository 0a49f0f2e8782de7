// What reinforcement learning learns beside theta: the observation normaliser, the inner step
// sizes, the scale of advantages and, where it is scheduled, the action noise.
//
// All of it is constant within an iteration. The next one's is merged from what the adaptations
// report, once all are there, so that no order of tasks or threads can show. What each
// gains is in configs/compare/README.md (the ablation).
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agents/control/advantages.h"
#include "agents/inner_loop.h"
#include "agents/linear_schedule.h"
#include "agents/network/policy.h"
#include "envs/linear_algebra.h"

namespace anole {

// What advantages are divided by: the deviation of their batch, or one that all batches share.
enum class AdvantageScale { kBatch, kShared };

constexpr auto WordsOf(AdvantageScale) {
  return Words<AdvantageScale>(
      {{AdvantageScale::kBatch, "batch"}, {AdvantageScale::kShared, "shared"}});
}

struct ContextOptions {
  AdvantageScale advantage_scale = AdvantageScale::kBatch;
  bool learn_step_sizes = true;
  double step_size_rate = 0.1;

  static void Describe(VisitOf<ContextOptions> visit);
};

// What an adaptation reports of what is learned beside theta: views of one flat vector, which is
// Adaptation::context_stats.
class ContextStats {
 public:
  // Zeros, for an adaptation of so many updates.
  ContextStats(const PolicyShape& shape, std::int64_t updates)
      : ContextStats(shape, Vector::Zero(2 * shape.observation_dim() + 1 +
                                         std::max<std::int64_t>(updates - 1, 0) *
                                             std::ssize(shape.layers()))) {}
  // Those that an adaptation has reported.
  ContextStats(const PolicyShape& shape, Vector flat)
      : observation_dim_(shape.observation_dim()),
        layers_(std::ssize(shape.layers())),
        flat_(std::move(flat)) {}

  // (observation_dim): of the observations of the batch before updates, and of their squares.
  auto observation_mean() { return flat_.head(observation_dim_); }
  auto observation_square() { return flat_.segment(observation_dim_, observation_dim_); }
  double& advantage_deviation() { return flat_[2 * observation_dim_]; }  // of that batch
  // (layers x updates - 1): of an update's direction and the next one's gradient.
  Eigen::Map<Matrix> cosines() {
    const Eigen::Index first = 2 * observation_dim_ + 1;
    return {flat_.data() + first, layers_, (flat_.size() - first) / layers_};
  }

  const Vector& flat() const { return flat_; }

 private:
  std::int64_t observation_dim_, layers_;
  Vector flat_;
};

class ControlContext {
 public:
  ControlContext(const PolicyOptions& policy, const ContextOptions& options,
                 const PolicyShape& shape, std::int64_t updates,
                 std::int64_t schedule_length);  // of the action noise [meta-iterations]; 0: none

  const std::vector<Block>& blocks() const { return blocks_; }
  Vector Initial() const;

  // Views of a context vector, as an adaptation uses them.
  ObservationScale Observations(VectorIn context) const;
  Vector LogStd(VectorIn context, VectorIn params) const;         // (action_dim), effective
  double NoiseRatio(VectorIn context) const;                      // sigma / sigma_0
  Vector StepScale(VectorIn context, std::int64_t update) const;  // (parameters)

  double AdvantageScaleOf(VectorIn context) const;  // that all batches share; 0: none, or not yet

  // Normalises the advantages of a batch: mean 0, and deviation 1 in the batch or over all tasks.
  void NormalizeAdvantages(VectorIn context, VectorOut advantages) const;

  // Fills in all but the cosines. samples: of the batch before updates, one element for each task
  // that is learned at once (means over them are taken), advantages not yet normalised.
  void Measure(VectorIn context, std::span<const Samples> samples, ContextStats& stats) const;

  // The context of the next iteration. iteration: that of the meta-batch `batch`.
  Vector Next(VectorIn context, std::int64_t iteration, std::span<const Adaptation> batch) const;

 private:
  // The segment of a context vector that holds block `name`.
  struct Segment {
    std::int64_t offset = 0, size = 0;
    Vector operator()(VectorIn context) const { return context.segment(offset, size); }
  };
  Segment Add(const std::string& name, std::vector<std::int64_t> shape,
              double min = -std::numeric_limits<double>::infinity());
  // Of one task, added to `stats` with weight 1 / tasks.
  void MeasureTask(VectorIn context, const Samples& samples, double tasks,
                   ContextStats& stats) const;
  void MergeObservations(std::span<ContextStats> stats, std::int64_t iteration,
                         VectorOut context) const;
  void MergeStepSizes(std::span<ContextStats> stats, VectorOut multipliers) const;
  void MergeAdvantageScale(std::span<ContextStats> stats, double& scale) const;

  PolicyOptions policy_;
  ContextOptions options_;
  PolicyShape shape_;
  std::int64_t updates_;
  std::optional<LinearSchedule> log_std_schedule_;
  std::vector<Block> blocks_;
  Segment mean_, square_, log_std_, multipliers_, advantage_scale_;
};

}  // namespace anole
