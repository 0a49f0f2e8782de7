// What reinforcement learning learns beside theta: the observation normaliser, the inner step
// sizes, the scale of advantages and, where it is scheduled, the action noise.
//
// All of it is constant within an iteration and merged once after it, from what the adaptations
// report, so that no order of tasks or threads can show. README.md ("What each piece of the recipe
// is worth") has what they gain.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/control/advantages.h"
#include "agents/inner_loop.h"
#include "agents/network/gaussian_policy.h"
#include "envs/linear_algebra.h"

namespace anole {

struct ContextOptions {
  std::string advantage_scale = "batch";
  bool learn_step_sizes = true;
  double step_size_rate = 0.1;

  void Describe(OptionVisitor& visit);
};

// What an adaptation reports for merging.
struct ContextStats {
  Vector observation_mean, observation_square;  // (observation_dim), of the batch before updates
  double advantage_deviation = 0;               // of that batch
  Matrix cosines;  // (layers x updates - 1): of an update's direction and the next one's gradient
};

class ControlContext {
 public:
  ControlContext(const PolicyOptions& policy, const ContextOptions& options,
                 const PolicyShape& shape, std::int64_t updates, std::int64_t anneal_iterations);

  const std::vector<Block>& blocks() const { return blocks_; }
  Vector Initial() const;

  // Views of a context vector, as an adaptation uses them.
  ObservationScale Observations(VectorIn context) const;
  Vector LogStd(VectorIn context, VectorIn params) const;         // (action_dim), effective
  double NoiseRatio(VectorIn context) const;                      // sigma / sigma_0
  Vector StepScale(VectorIn context, std::int64_t update) const;  // (parameters)

  // Normalises the advantages of a batch: mean 0, and deviation 1 in the batch or over all tasks.
  void NormalizeAdvantages(VectorIn context, VectorOut advantages) const;

  // All but the cosines. samples: of the batch before updates, one element for each task that is
  // learned at once (means over them are taken), advantages not yet normalised.
  ContextStats Measure(VectorIn context, std::span<const Samples> samples) const;

  Vector Pack(const ContextStats& stats) const;
  // stats: those of a meta-batch, as packed; iteration: of that meta-batch.
  Vector Merge(VectorIn context, std::int64_t iteration, std::span<const Adaptation> batch) const;

 private:
  // The segment of a context vector that holds block `name`.
  struct Segment {
    std::int64_t offset = 0, size = 0;
    Vector operator()(VectorIn context) const { return context.segment(offset, size); }
  };
  Segment Add(const std::string& name, std::vector<std::int64_t> shape);
  ContextStats MeasureTask(VectorIn context, const Samples& samples) const;
  ContextStats Unpack(VectorIn packed) const;
  void MergeStepSizes(std::span<const ContextStats> stats, VectorOut multipliers) const;

  PolicyOptions policy_;
  ContextOptions options_;
  PolicyShape shape_;
  std::int64_t updates_, anneal_iterations_;
  std::vector<Block> blocks_;
  Segment mean_, square_, log_std_, multipliers_, advantage_scale_;
};

}  // namespace anole
