#include "agents/control/control_context.h"

#include <algorithm>
#include <cmath>

namespace anole {
namespace {

constexpr double kMinVariance = 1e-4;    // of an observation
constexpr std::int64_t kMaxMemory = 50;  // iterations over which observations are averaged
constexpr double kScaleMemory = 0.95;    // weight of the past in the shared advantage scale
constexpr double kMinDeviation = 1e-8;   // below it a batch of advantages has nothing to say
// Of learned step sizes, either way. Without a bound they go on growing where steps are clipped by
// their norm, as clipped steps agree whatever their multiplier.
constexpr double kMaxMultiplier = 16;

double Deviation(VectorIn values) {
  if (values.size() == 0) return 0;
  return std::sqrt((values.array() - values.mean()).square().mean());
}

}  // namespace

void ContextOptions::Describe(OptionVisitor& visit) {
  visit("inner.advantage_scale", advantage_scale,
        {.help = "advantages are divided by the deviation of their own batch, or by a running one "
                 "shared by all tasks and updates (then gradients shrink near a goal)",
         .choices = {"batch", "shared"},
         .use = Use::kPolicy});
  visit("inner.learn_step_sizes", learn_step_sizes,
        {.help = "learn a multiplier of the step for each update and layer", .use = Use::kPolicy});
  if (learn_step_sizes || visit.everything()) {
    visit("inner.step_size_rate", step_size_rate,
          {.help = "rate at which step sizes are learned",
           .min = 0,
           .max = 10,
           .use = Use::kTraining});
  }
}

ControlContext::ControlContext(const PolicyOptions& policy, const ContextOptions& options,
                               const PolicyShape& shape, std::int64_t updates,
                               std::int64_t anneal_iterations)
    : policy_(policy),
      options_(options),
      shape_(shape),
      updates_(updates),
      anneal_iterations_(anneal_iterations) {
  if (policy.normalize_observations) {
    mean_ = Add("observation/mean", {shape.network.inputs()});
    square_ = Add("observation/mean_square", {shape.network.inputs()});
  }
  if (!shape.learns_log_std) log_std_ = Add("policy/log_std", {shape.network.outputs()});
  if (options.learn_step_sizes) {
    multipliers_ = Add("inner/step_multipliers",
                       {updates, static_cast<std::int64_t>(shape.network.layers.size())});
  }
  if (options.advantage_scale == "shared") advantage_scale_ = Add("inner/advantage_scale", {1});
}

ControlContext::Segment ControlContext::Add(const std::string& name,
                                            std::vector<std::int64_t> shape) {
  const std::int64_t offset = TotalSize(blocks_);
  blocks_.push_back({name, std::move(shape)});
  return {offset, blocks_.back().size()};
}

Vector ControlContext::Initial() const {
  Vector context = Vector::Zero(TotalSize(blocks_));
  context.segment(square_.offset, square_.size).setOnes();
  context.segment(log_std_.offset, log_std_.size).setConstant(policy_.log_std);
  context.segment(multipliers_.offset, multipliers_.size).setOnes();
  return context;
}

ObservationScale ControlContext::Observations(VectorIn context) const {
  const std::int64_t n = shape_.network.inputs();
  if (!policy_.normalize_observations) return {Vector::Zero(n), Vector::Ones(n)};
  const Vector mean = mean_(context);
  const Vector variance = square_(context) - mean.cwiseAbs2();
  return {mean, variance.cwiseMax(kMinVariance).cwiseSqrt()};
}

Vector ControlContext::LogStd(VectorIn context, VectorIn params) const {
  return shape_.learns_log_std ? shape_.LearnedLogStd(params) : log_std_(context);
}

double ControlContext::NoiseRatio(VectorIn context) const {
  return shape_.learns_log_std ? 1 : std::exp(log_std_(context)[0] - policy_.log_std);
}

Vector ControlContext::StepScale(VectorIn context, std::int64_t update) const {
  Vector scale = Vector::Ones(shape_.size());
  if (!options_.learn_step_sizes) return scale;
  const auto layers = static_cast<std::int64_t>(shape_.network.layers.size());
  const std::int64_t row = std::min(update, updates_ - 1);  // later updates reuse the last row
  for (std::int64_t l = 0; l < layers; ++l) {
    const LayerShape& layer = shape_.network.layers[static_cast<std::size_t>(l)];
    scale.segment(layer.offset, layer.size())
        .setConstant(context[multipliers_.offset + row * layers + l]);
  }
  return scale;
}

void ControlContext::NormalizeAdvantages(VectorIn context, VectorOut advantages) const {
  if (advantages.size() == 0) return;
  double deviation = Deviation(advantages);
  // Before the first merge there is no shared scale yet: a batch uses its own.
  if (advantage_scale_.size > 0 && context[advantage_scale_.offset] > 0) {
    deviation = context[advantage_scale_.offset];
  }
  advantages = (advantages.array() - advantages.mean()) / std::max(deviation, kMinDeviation);
}

ContextStats ControlContext::Measure(VectorIn context, std::span<const Samples> samples) const {
  const double tasks = static_cast<double>(samples.size());
  const Eigen::Index n = shape_.network.inputs();
  ContextStats mean{Vector::Zero(n), Vector::Zero(n), 0, {}};
  for (const Samples& task : samples) {
    const ContextStats stats = MeasureTask(context, task);
    mean.observation_mean += stats.observation_mean / tasks;
    mean.observation_square += stats.observation_square / tasks;
    mean.advantage_deviation += stats.advantage_deviation / tasks;
  }
  return mean;
}

ContextStats ControlContext::MeasureTask(VectorIn context, const Samples& samples) const {
  ContextStats stats;
  const Eigen::Index n = shape_.network.inputs();
  const Eigen::Index steps = samples.observations.cols();
  stats.advantage_deviation = Deviation(samples.advantages);
  if (steps == 0) {  // every episode diverged: nothing new
    stats.observation_mean =
        policy_.normalize_observations ? mean_(context) : Vector(Vector::Zero(n));
    stats.observation_square =
        policy_.normalize_observations ? square_(context) : Vector(Vector::Ones(n));
    return stats;
  }
  stats.observation_mean = Vector::Zero(n);
  stats.observation_square = Vector::Zero(n);
  for (Eigen::Index t = 0; t < steps; ++t) {
    stats.observation_mean += samples.observations.col(t);
    stats.observation_square += samples.observations.col(t).cwiseAbs2();
  }
  stats.observation_mean /= static_cast<double>(steps);
  stats.observation_square /= static_cast<double>(steps);
  return stats;
}

Vector ControlContext::Pack(const ContextStats& stats) const {
  const std::int64_t n = shape_.network.inputs();
  Vector packed(2 * n + 1 + stats.cosines.size());
  packed << stats.observation_mean, stats.observation_square, stats.advantage_deviation,
      stats.cosines.reshaped();
  return packed;
}

ContextStats ControlContext::Unpack(VectorIn packed) const {
  const std::int64_t n = shape_.network.inputs();
  const auto layers = static_cast<std::int64_t>(shape_.network.layers.size());
  const Vector cosines = packed.tail(packed.size() - 2 * n - 1);
  return {packed.head(n), packed.segment(n, n), packed[2 * n],
          cosines.reshaped(layers, cosines.size() / layers)};
}

Vector ControlContext::Merge(VectorIn context, std::int64_t iteration,
                             std::span<const Adaptation> batch) const {
  std::vector<ContextStats> stats;
  for (const Adaptation& adaptation : batch) stats.push_back(Unpack(adaptation.context_stats));
  const double tasks = static_cast<double>(batch.size());
  Vector merged = context;
  if (policy_.normalize_observations) {
    const std::int64_t n = shape_.network.inputs();
    Vector mean = Vector::Zero(n), square = Vector::Zero(n);
    for (const ContextStats& task : stats) {
      mean += task.observation_mean / tasks;
      square += task.observation_square / tasks;
    }
    const double weight = 1 / static_cast<double>(std::min(iteration, kMaxMemory) + 1);
    merged.segment(mean_.offset, n) += weight * (mean - mean_(context));
    merged.segment(square_.offset, n) += weight * (square - square_(context));
  }
  if (policy_.log_std_mode == "scheduled" && anneal_iterations_ > 0) {
    const double progress =
        std::min(1., static_cast<double>(iteration + 1) / static_cast<double>(anneal_iterations_));
    merged.segment(log_std_.offset, log_std_.size)
        .setConstant(policy_.log_std + progress * (policy_.log_std_final - policy_.log_std));
  }
  if (options_.learn_step_sizes) {
    MergeStepSizes(stats, merged.segment(multipliers_.offset, multipliers_.size));
  }
  if (advantage_scale_.size > 0) {
    double deviation = 0;
    for (const ContextStats& task : stats) deviation += task.advantage_deviation / tasks;
    double& scale = merged[advantage_scale_.offset];
    scale = scale > 0 ? kScaleMemory * scale + (1 - kScaleMemory) * deviation : deviation;
  }
  return merged;
}

// Multiplicative hypergradient descent (Baydin et al. 2018, adapted): batches are fresh, so the
// product of successive gradients estimates how the return depends on the step between them.
void ControlContext::MergeStepSizes(std::span<const ContextStats> stats,
                                    VectorOut multipliers) const {
  const Eigen::Index layers = stats.front().cosines.rows();
  for (std::int64_t update = 0; update < updates_; ++update) {
    // The last update has no successor; it follows the one before.
    const std::int64_t column = std::min(update, updates_ - 2);
    if (column < 0) return;
    for (Eigen::Index l = 0; l < layers; ++l) {
      double cosine = 0;
      for (const ContextStats& task : stats) cosine += task.cosines(l, column);
      double& multiplier = multipliers[update * layers + l];
      multiplier *= std::exp(options_.step_size_rate * cosine / static_cast<double>(stats.size()));
      multiplier = std::clamp(multiplier, 1 / kMaxMultiplier, kMaxMultiplier);
    }
  }
}

}  // namespace anole
