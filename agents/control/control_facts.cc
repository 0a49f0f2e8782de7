#include "agents/control/control_facts.h"

#include <algorithm>
#include <limits>

namespace anole {
namespace {

double Share(std::span<const Episode> episodes, End end) {
  const auto count = std::count_if(episodes.begin(), episodes.end(),
                                   [&](const Episode& episode) { return episode.end == end; });
  return static_cast<double>(count) / static_cast<double>(episodes.size());
}

// Share of episodes whose last step was a success; NaN where the family knows none.
double SuccessRate(std::span<const Episode> episodes, const FamilySpec& spec) {
  if (!spec.has_success) return std::numeric_limits<double>::quiet_NaN();
  const auto count = std::ranges::count_if(episodes, &Episode::success);
  return static_cast<double>(count) / static_cast<double>(episodes.size());
}

// Of the components of all actions, the share that lies beyond +-range, where families clip them:
// what the policy changes there changes nothing.
double ClippedShare(std::span<const Episode> episodes, double range) {
  std::int64_t clipped = 0, all = 0;
  for (const Episode& episode : episodes) {
    const auto actions = episode.actions.leftCols(episode.length);
    clipped += (actions.array().abs() > range).count();
    all += actions.size();
  }
  return static_cast<double>(clipped) / static_cast<double>(all);  // NaN where there is no step
}

// How far an update moved the policy: mean KL(before || after) over the tasks that it learned from.
// Steps of an episode are alike, so some of them tell enough.
double UpdateKl(const ControlPolicy<float>& before, const ControlPolicy<float>& after,
                std::span<const Samples> samples) {
  constexpr Eigen::Index kStride = 10;
  double sum = 0;
  for (const Samples& task : samples) {
    if (task.observations.cols() == 0) continue;
    sum += before.MeanKl(after, task.steps(), kStride);
  }
  return sum / static_cast<double>(samples.size());
}

}  // namespace

std::vector<Column> ControlFacts() {
  return {{"return", "", "sum of an episode's rewards, mean over episodes"},
          {"deterministic_return", "", "the same without action noise"},
          {"env_steps", "", "control steps that were simulated"},
          {"success", "", "share of episodes whose last step fulfilled the task"},
          {"episode_length", "control steps", "of an episode, mean"},
          {"diverged", "", "share of episodes whose simulation blew up"},
          {"terminated", "", "share of episodes that the task ended early"},
          {"gradient_norm", "", "length of the policy gradient", true},
          {"step_norm", "", "length of an update's step in the parameters of the policy"},
          {"refused", "", "share of updates that left the parameters as they were"},
          {"kl", "nats", "KL of the policy before an update from that after it", true},
          {"entropy", "nats", "of the policy that sampled"},
          {"log_std", "", "logarithm of the action noise's deviation, mean over components"},
          {"explained_variance", "", "share of the returns' variance that the baseline tells"},
          {"clipped", "", "share of the components of actions beyond what the motors can do"}};
}

double MeanReturn(std::span<const Episode> episodes) {
  double sum = 0;
  for (const Episode& episode : episodes) sum += episode.undiscounted_return;
  return sum / static_cast<double>(episodes.size());
}

std::int64_t CountSteps(std::span<const Episode> episodes) {
  std::int64_t steps = 0;
  for (const Episode& episode : episodes) steps += episode.length;
  return steps;
}

void TellBatch(std::span<const Episode> episodes, const FamilySpec& spec,
               const ControlPolicy<float>& policy, VectorOut facts) {
  const auto steps = static_cast<double>(CountSteps(episodes));
  facts[kScoreFact] = MeanReturn(episodes);
  facts[kSamplesFact] = steps;
  facts[kSuccessFact] = SuccessRate(episodes, spec);
  facts[kLengthFact] = steps / static_cast<double>(episodes.size());
  facts[kDivergedFact] = Share(episodes, End::kDiverged);
  facts[kTerminatedFact] = Share(episodes, End::kTerminated);
  facts[kClippedFact] = ClippedShare(episodes, spec.action_range);
  facts[kEntropyFact] = policy.Entropy();
  facts[kLogStdFact] = policy.log_std().mean();
}

void TellBaseline(std::span<const Samples> samples, VectorOut facts) {
  double sum = 0;
  for (const Samples& task : samples) sum += task.explained_variance;
  facts[kExplainedVarianceFact] = sum / static_cast<double>(samples.size());
}

void TellUpdate(const UpdateStats& update, const ControlPolicy<float>& before,
                const ControlPolicy<float>& after, std::span<const Samples> samples,
                VectorOut facts) {
  facts[kGradientNormFact] = update.gradient.norm();
  facts[kStepNormFact] = update.step_norm;
  facts[kRefusedFact] = update.refused ? 1 : 0;
  facts[kKlFact] = UpdateKl(before, after, samples);
}

}  // namespace anole
