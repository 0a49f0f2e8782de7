#include "agents/control/control_context.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

void ContextOptions::Describe(VisitOf<ContextOptions> visit) {
  visit("inner.advantage_scale", &ContextOptions::advantage_scale,
        {.help = "advantages are divided by the deviation of their own batch, or by a running one "
                 "shared by all tasks and updates (then gradients shrink near a goal)",
         .use = Use::kPolicy});
  visit("inner.learn_step_sizes", &ContextOptions::learn_step_sizes,
        {.help = "learn a multiplier of the step for each update and layer", .use = Use::kPolicy});
  if (const auto where = visit.Where(visit->learn_step_sizes, "inner.learn_step_sizes = true")) {
    where("inner.step_size_rate", &ContextOptions::step_size_rate,
          {.help = "rate at which step sizes are learned",
           .min = 0,
           .max = 10,
           .use = Use::kTraining});
  }
}

ControlContext::ControlContext(const PolicyOptions& policy, const ContextOptions& options,
                               const PolicyShape& shape, std::int64_t updates,
                               std::int64_t schedule_length)
    : policy_(policy), options_(options), shape_(shape), updates_(updates) {
  if (policy.log_std_mode == LogStdMode::kScheduled && schedule_length > 0) {
    log_std_schedule_ = {policy.log_std, policy.log_std_final, schedule_length};
  }
  if (policy.normalize_observations) {
    mean_ = Add("observation/mean", {shape.observation_dim()});
    square_ = Add("observation/mean_square", {shape.observation_dim()}, 0);
  }
  if (!shape.learns_log_std) log_std_ = Add("policy/log_std", {shape.action_dim()});
  if (options.learn_step_sizes) {
    multipliers_ = Add("inner/step_multipliers",
                       {updates, static_cast<std::int64_t>(shape.layers().size())}, 0);
  }
  if (options.advantage_scale == AdvantageScale::kShared)
    advantage_scale_ = Add("inner/advantage_scale", {1}, 0);
}

ControlContext::Segment ControlContext::Add(const std::string& name,
                                            std::vector<std::int64_t> shape, double min) {
  const std::int64_t offset = TotalSize(blocks_);
  blocks_.push_back({name, std::move(shape), min});
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
  const std::int64_t n = shape_.observation_dim();
  if (!policy_.normalize_observations) return {Vector::Zero(n), Vector::Ones(n)};
  Vector mean = mean_(context);
  Vector deviation = (square_(context) - mean.cwiseAbs2()).cwiseMax(kMinVariance).cwiseSqrt();
  // That an episode ended is seldom, and would become a large number.
  if (shape_.feedback_dim > 0) {
    mean.tail(1).setZero();
    deviation.tail(1).setOnes();
  }
  return {std::move(mean), std::move(deviation)};
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
  const std::vector<LayerShape> layers = shape_.layers();
  const std::int64_t row = std::min(update, updates_ - 1);  // later updates reuse the last row
  std::int64_t place = multipliers_.offset + row * std::ssize(layers);
  for (const LayerShape& layer : layers) {
    scale.segment(layer.offset, layer.size()).setConstant(context[place++]);
  }
  return scale;
}

double ControlContext::AdvantageScaleOf(VectorIn context) const {
  return advantage_scale_.size > 0 ? context[advantage_scale_.offset] : 0;
}

void ControlContext::NormalizeAdvantages(VectorIn context, VectorOut advantages) const {
  if (advantages.size() == 0) return;
  // Before the first merge there is no shared scale yet: a batch uses its own.
  const double shared = AdvantageScaleOf(context);
  const double deviation = shared > 0 ? shared : Deviation(advantages);
  advantages = (advantages.array() - advantages.mean()) / std::max(deviation, kMinDeviation);
}

void ControlContext::Measure(VectorIn context, std::span<const Samples> samples,
                             ContextStats& stats) const {
  for (const Samples& task : samples) {
    MeasureTask(context, task, static_cast<double>(samples.size()), stats);
  }
}

void ControlContext::MeasureTask(VectorIn context, const Samples& samples, double tasks,
                                 ContextStats& stats) const {
  const Eigen::Index n = shape_.observation_dim();
  const Eigen::Index steps = samples.observations.cols();
  Vector mean = Vector::Zero(n), square = Vector::Zero(n);
  if (steps == 0) {  // every episode diverged: nothing new
    if (policy_.normalize_observations) mean = mean_(context);
    square = policy_.normalize_observations ? square_(context) : Vector(Vector::Ones(n));
  } else {
    for (Eigen::Index t = 0; t < steps; ++t) {
      mean += samples.observations.col(t);
      square += samples.observations.col(t).cwiseAbs2();
    }
    mean /= static_cast<double>(steps);
    square /= static_cast<double>(steps);
  }
  stats.observation_mean() += mean / tasks;
  stats.observation_square() += square / tasks;
  stats.advantage_deviation() += Deviation(samples.advantages) / tasks;
}

Vector ControlContext::Next(VectorIn context, std::int64_t iteration,
                            std::span<const Adaptation> batch) const {
  std::vector<ContextStats> stats;
  for (const Adaptation& adaptation : batch) stats.emplace_back(shape_, adaptation.context_stats);
  Vector next = context;
  if (policy_.normalize_observations) MergeObservations(stats, iteration, next);
  if (log_std_schedule_) {
    next.segment(log_std_.offset, log_std_.size).setConstant(log_std_schedule_->At(iteration + 1));
  }
  if (options_.learn_step_sizes) {
    MergeStepSizes(stats, next.segment(multipliers_.offset, multipliers_.size));
  }
  if (advantage_scale_.size > 0) MergeAdvantageScale(stats, next[advantage_scale_.offset]);
  return next;
}

void ControlContext::MergeObservations(std::span<ContextStats> stats, std::int64_t iteration,
                                       VectorOut context) const {
  const std::int64_t n = shape_.observation_dim();
  const double tasks = static_cast<double>(stats.size());
  Vector mean = Vector::Zero(n), square = Vector::Zero(n);
  for (ContextStats& task : stats) {
    mean += task.observation_mean() / tasks;
    square += task.observation_square() / tasks;
  }
  const double weight = 1 / static_cast<double>(std::min(iteration, kMaxMemory) + 1);
  context.segment(mean_.offset, n) += weight * (mean - mean_(context));
  context.segment(square_.offset, n) += weight * (square - square_(context));
}

// Multiplicative hypergradient descent (Baydin et al. 2018, adapted): batches are fresh, so the
// product of successive gradients estimates how the return depends on the step between them.
void ControlContext::MergeStepSizes(std::span<ContextStats> stats, VectorOut multipliers) const {
  const Eigen::Index layers = stats.front().cosines().rows();
  for (std::int64_t update = 0; update < updates_; ++update) {
    // The last update has no successor; it follows the one before.
    const std::int64_t column = std::min(update, updates_ - 2);
    if (column < 0) return;
    for (Eigen::Index l = 0; l < layers; ++l) {
      double cosine = 0;
      for (ContextStats& task : stats) cosine += task.cosines()(l, column);
      double& multiplier = multipliers[update * layers + l];
      multiplier *= std::exp(options_.step_size_rate * cosine / static_cast<double>(stats.size()));
      multiplier = std::clamp(multiplier, 1 / kMaxMultiplier, kMaxMultiplier);
    }
  }
}

void ControlContext::MergeAdvantageScale(std::span<ContextStats> stats, double& scale) const {
  double deviation = 0;
  for (ContextStats& task : stats) {
    deviation += task.advantage_deviation() / static_cast<double>(stats.size());
  }
  scale = scale > 0 ? kScaleMemory * scale + (1 - kScaleMemory) * deviation : deviation;
}

}  // namespace anole
