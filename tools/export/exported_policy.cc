#include "tools/export/exported_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "agents/finite.h"
#include "configs/user_error.h"
#include "tools/run/goal.h"

namespace anole::exports {
namespace {

constexpr std::int64_t kVectors = 32;

std::optional<Updates> LearningOf(const ControlLoop& loop, const Learnable& state,
                                  std::string& reason) {
  if (loop.policy_shape().gru.units > 0) {
    reason = "a policy that remembers learns in anole only; outside, it acts and remembers";
    return {};
  }
  const GradientStepOptions* const step = loop.learner().plain_step();
  if (step == nullptr) {
    reason = R"(only plain gradient steps are exported: inner.learner = "vpg", inner.optimizer = )"
             R"("sgd")";
    return {};
  }
  if (loop.family().spec().privileged_dim > 0) {
    reason = "its advantages are measured with privileged observations, which only simulation has";
    return {};
  }
  if (loop.options().advantages.baseline != Baseline::kLinear) {
    reason = R"(inner.baseline = "critic" is not exported, only "linear")";
    return {};
  }
  Updates updates{.step = *step, .noise_ratio = loop.context().NoiseRatio(state.context)};
  const auto& layers = loop.policy_shape().layers();
  const std::int64_t rows = loop.options().context.learn_step_sizes ? loop.options().updates : 1;
  updates.multipliers.resize(std::ssize(layers), rows);
  for (std::int64_t k = 0; k < rows; ++k) {
    const Vector scale = loop.context().StepScale(state.context, k);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      updates.multipliers(static_cast<Eigen::Index>(l), k) = scale[layers[l].offset];
    }
  }
  updates.advantage_scale = loop.context().AdvantageScaleOf(state.context);
  return updates;
}

// Of the task that the policy is for, or of one to validate on.
TestVectors VectorsOf(const ExportedPolicy& policy) {
  const ControlLoop& loop = policy.loop();
  const auto& evaluation = policy.run->experiment().evaluation;
  const auto seed = static_cast<std::uint64_t>(evaluation.seed);
  const Address address{.seed = seed, .phase = Phase::kValidation};
  const Vector task = policy.goal.empty()
                          ? Vector(loop.SampleTasks(seed, Phase::kValidation, {.count = 1}).col(0))
                          : ParseGoal(policy.goal, policy.family().task_parameters);
  TestVectors vectors;
  const std::int64_t episodes = std::min(kVectorEpisodes, evaluation.rollouts);
  vectors.batch = loop.MakeEpisodes(episodes);
  loop.Sample(policy.policy(), task, Exploration::kStochastic, address, 0, vectors.batch);

  const Episode& first = vectors.batch.front();
  const std::int64_t seen = std::max<std::int64_t>(first.length, 1);
  vectors.observations.resize(policy.shape().observation_dim(), kVectors);
  vectors.actions.resize(policy.family().action_dim, kVectors);
  const ControlPolicy<float> acting = policy.policy();
  auto memory = acting.MakeMemory();
  acting.BeginEpisode(memory);
  for (Eigen::Index i = 0; i < kVectors; ++i) {
    // A policy that remembers is asked about the first steps, one after another.
    const Eigen::Index step = acting.remembers() ? i % seen : i * seen / kVectors;
    vectors.observations.col(i) = first.observations.col(step);
    acting.Mean(vectors.observations.col(i), memory, vectors.actions.col(i));
  }

  std::erase_if(vectors.batch, [](const Episode& episode) {
    return episode.length < 2 || episode.end == End::kDiverged;
  });
  for (Episode& episode : vectors.batch) episode.length = std::min(episode.length, kVectorSteps);
  const auto updates = static_cast<std::size_t>(std::max<std::int64_t>(evaluation.updates, 1));
  if (!policy.learning || vectors.batch.empty()) return vectors;
  const std::vector<std::vector<Episode>> batches(updates, vectors.batch);
  vectors.parameters = loop.AdaptTo(policy.learned, batches, address)
                           .trajectory.topRows(policy.shape().size())
                           .rightCols(static_cast<Eigen::Index>(updates));
  return vectors;
}

}  // namespace

Vector Updates::StepSizes(std::int64_t update) const {
  return StepSize(step, update, noise_ratio) *
         multipliers.col(std::min<std::int64_t>(update, multipliers.cols() - 1));
}

ExportedPolicy Export(const Run& run, Source source) {
  if (run.control_loop() == nullptr) {
    throw UserError(run.experiment().family() +
                    ": its tasks are learned from data; there is no policy to export");
  }
  if (!AllFinite(source.theta)) {
    throw std::runtime_error(fmt::format(
        "{}: updates break the parameters, which are not finite any more: nothing is exported; "
        "make {} smaller",
        run.directory().path().string(), run.experiment().step_name()));
  }
  ExportedPolicy policy{.run = &run,
                        .learned = Learned(run.state()),
                        .goal = std::move(source.goal),
                        .updates = source.updates};
  policy.learned.theta = std::move(source.theta);
  policy.learning = LearningOf(policy.loop(), policy.learned, policy.no_learning);
  policy.vectors = VectorsOf(policy);
  if (!policy.learning) return policy;
  if (policy.vectors.batch.empty())
    policy.no_learning = "every episode diverges or ends with its first step";
  if (!AllFinite(policy.vectors.parameters.reshaped())) {
    policy.no_learning =
        "updates break the parameters; make " + run.experiment().step_name() + " smaller";
  }
  if (policy.no_learning.empty()) return policy;
  policy.learning.reset();
  policy.vectors.parameters.resize(0, 0);
  return policy;
}

}  // namespace anole::exports
