#include "agents/control/control_loop.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "agents/control/frozen_control.h"
#include "agents/control/policy_gradient.h"
#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"

namespace anole {
namespace {

// Of initial weights: the first policy does next to nothing.
constexpr double kLastLayerScale = 0.1;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Rows of Adaptation::facts after those that all loops share.
enum Fact {
  kLength = kSharedFacts,
  kDiverged,
  kTerminated,
  kGradientNorm,
  kStepNorm,
  kRefused,
  kKl,
  kEntropy,
  kLogStd,
  kExplainedVariance,
  kClipped,
  kFacts
};

PolicyShape MakeShape(const PolicyOptions& options, const FamilySpec& spec) {
  return {MlpShape(spec.observation_dim, options.hidden, spec.action_dim),
          options.log_std_mode == "learned", options.log_std_floor};
}

std::optional<Critic<float>> MakeCritic(const ControlOptions& options, const FamilySpec& spec) {
  if (options.advantages.baseline != "critic") return std::nullopt;
  return Critic<float>(options.critic, spec.observation_dim, spec.horizon,
                       options.advantages.discount);
}

std::vector<Block> ThetaBlocks(const PolicyShape& shape,
                               const std::optional<Critic<float>>& critic) {
  std::vector<Block> blocks = shape.Blocks();
  if (critic) std::ranges::copy(critic->shape().Blocks("critic"), std::back_inserter(blocks));
  return blocks;
}

DerivativeLimit Derivatives(const ControlOptions& options, const InnerLearner& learner) {
  if (options.advantages.baseline == "critic") {
    return {Derivative::kAtPhi,
            R"(the fit of inner.baseline = "critic" is not differentiated; set it to "linear")"};
  }
  const std::string reason = learner.first_order_only();
  return {reason.empty() ? Derivative::kAtAnyTheta : Derivative::kAtPhi, reason};
}

double MeanReturn(std::span<const Episode> episodes) {
  double sum = 0;
  for (const Episode& episode : episodes) sum += episode.undiscounted_return;
  return sum / static_cast<double>(episodes.size());
}

double Share(std::span<const Episode> episodes, End end) {
  const auto count = std::count_if(episodes.begin(), episodes.end(),
                                   [&](const Episode& episode) { return episode.end == end; });
  return static_cast<double>(count) / static_cast<double>(episodes.size());
}

// Share of episodes whose last step was a success; NaN where the family knows none.
double SuccessRate(std::span<const Episode> episodes, const FamilySpec& spec) {
  if (!spec.has_success) return kNaN;
  const auto count = std::ranges::count_if(episodes, &Episode::success);
  return static_cast<double>(count) / static_cast<double>(episodes.size());
}

std::int64_t Steps(std::span<const Episode> episodes) {
  std::int64_t steps = 0;
  for (const Episode& episode : episodes) steps += episode.length;
  return steps;
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

void TellEpisodes(std::span<const Episode> episodes, const FamilySpec& spec, VectorOut facts) {
  const auto steps = static_cast<double>(Steps(episodes));
  facts[kScoreFact] = MeanReturn(episodes);
  facts[kSamplesFact] = steps;
  facts[kSuccessFact] = SuccessRate(episodes, spec);
  facts[kLength] = steps / static_cast<double>(episodes.size());
  facts[kDiverged] = Share(episodes, End::kDiverged);
  facts[kTerminated] = Share(episodes, End::kTerminated);
  facts[kClipped] = ClippedShare(episodes, spec.action_range);
}

// (layers): cosine of the angle between two gradients, layer by layer; 0 where one of them is 0.
Vector LayerCosines(const MlpShape& shape, VectorIn a, VectorIn b) {
  Vector cosines = Vector::Zero(static_cast<Eigen::Index>(shape.layers.size()));
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    const auto x = a.segment(shape.layers[l].offset, shape.layers[l].size());
    const auto y = b.segment(shape.layers[l].offset, shape.layers[l].size());
    const double norms = x.norm() * y.norm();
    if (norms > 0 && std::isfinite(norms)) {
      cosines[static_cast<Eigen::Index>(l)] = x.dot(y) / norms;
    }
  }
  return cosines;
}

// How far an update moved the policy: mean KL(before || after) over the tasks that it learned from.
// Steps of an episode are alike, so some of them tell enough.
double UpdateKl(const GaussianPolicy<float>& before, const GaussianPolicy<float>& after,
                std::span<const Samples> samples) {
  constexpr Eigen::Index kStride = 10;
  double sum = 0;
  for (const Samples& task : samples) {
    const Eigen::Index steps = task.observations.cols();
    if (steps == 0) continue;
    const Matrix some = task.observations(Eigen::all, Eigen::seq(0, steps - 1, kStride));
    sum += before.MeanKl(after, some);
  }
  return sum / static_cast<double>(samples.size());
}

double ExplainedVariance(std::span<const Samples> samples) {
  double sum = 0;
  for (const Samples& task : samples) sum += task.explained_variance;
  return sum / static_cast<double>(samples.size());
}

}  // namespace

void ControlOptions::Describe(OptionVisitor& visit) {
  policy.Describe(visit);
  visit("inner.updates", updates,
        {.help = "inner updates of an adaptation, each on a fresh batch",
         .min = 1,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kTraining});
  visit("inner.rollouts", rollouts,
        {.help = "episodes of a batch", .min = 1, .max = 500000, .use = Use::kTraining});
  advantages.Describe(visit);
  if (advantages.baseline == "critic" || visit.everything()) critic.Describe(visit);
  context.Describe(visit);
}

ControlLoop::ControlLoop(const ControlOptions& options, std::unique_ptr<TaskFamily> family,
                         std::unique_ptr<InnerLearner> learner)
    : options_(options),
      family_(std::move(family)),
      learner_(std::move(learner)),
      shape_(MakeShape(options.policy, family_->spec())),
      critic_(MakeCritic(options, family_->spec())),
      context_(options.policy, options.context, shape_, options.updates, options.anneal_iterations),
      spec_{.layout = {ThetaBlocks(shape_, critic_), context_.blocks()},
            .score = "return",
            .facts = {"return", "deterministic_return", "env_steps", "success", "episode_length",
                      "diverged", "terminated", "gradient_norm", "step_norm", "refused", "kl",
                      "entropy", "log_std", "explained_variance", "clipped"},
            .task_parameters = family_->spec().task_parameters,
            .task_ranges = family_->spec().task_ranges,
            .rolls_out = true,
            .training = {.updates = options.updates, .rollouts = options.rollouts},
            .derivatives = Derivatives(options, *learner_),
            .batch_samples = options.rollouts * family_->spec().horizon,
            .warnings = family_->spec().warnings},
      workers_(*family_, Policy(Vector::Zero(shape_.size() + critic_size()), context_.Initial())) {
  if (options.context.learn_step_sizes && !learner_->takes_step_scale()) {
    throw UserError(
        "inner.learn_step_sizes = true: this inner.learner finds the length of each step by "
        "itself, so there is no step size to learn; set it to false");
  }
}

MetaState ControlLoop::Initial(std::uint64_t seed) const {
  Rng rng = Address{.seed = seed}.Open(Purpose::kInit);
  MetaState state;
  state.theta = Vector::Constant(shape_.size() + critic_size(), options_.policy.log_std);
  state.theta.head(shape_.network.size()) = shape_.network.InitialParams(rng, kLastLayerScale);
  if (critic_) {
    state.theta.tail(critic_size()) = critic_->shape().InitialParams(rng, kLastLayerScale);
  }
  state.context = context_.Initial();
  return state;
}

Matrix ControlLoop::SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const {
  return anole::SampleTasks(*family_, seed, phase, slice);
}

GaussianPolicy<float> ControlLoop::Policy(VectorIn params, VectorIn context) const {
  const auto own = params.head(shape_.size());
  return {shape_, own, context_.LogStd(context, own), context_.Observations(context)};
}

void ControlLoop::Sample(const GaussianPolicy<float>& policy, MatrixIn tasks,
                         Exploration exploration, const Address& address,
                         std::int64_t first_rollout, std::span<Episode> episodes) const {
  const auto count = static_cast<std::int64_t>(episodes.size());
  const std::int64_t rollouts = count / tasks.cols();
  ParallelFor(count, [&](std::int64_t i) {
    Address episode_address = address;
    episode_address.task += i / rollouts;
    episode_address.rollout = first_rollout + i % rollouts;
    const WorkerPool::Lease worker = workers_.Borrow();
    Rollout(*family_, tasks.col(i / rollouts), policy, exploration, episode_address, *worker,
            episodes[static_cast<std::size_t>(i)]);
  });
}

std::vector<Samples> ControlLoop::Estimate(std::span<const Episode> episodes, std::int64_t tasks,
                                           VectorIn params, VectorIn context) const {
  const ObservationScale scale = context_.Observations(context);
  EpisodeValues values;
  if (critic_) {
    values = [&](const Episode& episode) {
      const std::int64_t length = episode.length;
      return critic_->Values(params.tail(critic_size()), scale,
                             episode.observations.leftCols(length), StepTimes(length));
    };
  }
  const std::size_t rollouts = episodes.size() / static_cast<std::size_t>(tasks);
  std::vector<Samples> samples(static_cast<std::size_t>(tasks));
  ParallelFor(tasks, [&](std::int64_t i) {
    const auto task = static_cast<std::size_t>(i);
    samples[task] = EstimateAdvantages(episodes.subspan(task * rollouts, rollouts),
                                       options_.advantages, values);
  });
  return samples;
}

Adaptation ControlLoop::Adapt(const MetaState& state, MatrixIn tasks, const Address& address,
                              const Plan& plan) const {
  const std::int64_t batches = plan.batches();
  std::vector<Episode> episodes(static_cast<std::size_t>(plan.rollouts * tasks.cols()),
                                Episode(family_->spec()));
  const auto layers = static_cast<Eigen::Index>(shape_.network.layers.size());
  ContextStats stats;
  Matrix cosines = Matrix::Zero(layers, std::max<std::int64_t>(plan.updates - 1, 0));
  Adaptation adaptation;
  adaptation.params = state.theta;
  adaptation.facts = Matrix::Constant(kFacts, batches, kNaN);
  Vector last_direction, memory;
  std::unique_ptr<FrozenControl> frozen;  // where updates are to be differentiated
  if (plan.derivative >= Derivative::kAtTheta) {
    frozen = std::make_unique<FrozenControl>(*learner_, plan.objective,
                                             context_.NoiseRatio(state.context));
  }

  if (plan.trajectory) adaptation.trajectory = state.theta.replicate(1, plan.updates + 1);

  for (std::int64_t k = 0; k < batches; ++k) {
    if (!AllFinite(adaptation.params)) {  // no policy: whatever its episodes scored would be untrue
      if (plan.derivative != Derivative::kNone)
        adaptation.gradient = Vector::Constant(state.theta.size(), kNaN);
      break;
    }
    const GaussianPolicy<float> policy = Policy(adaptation.params, state.context);
    Address batch_address = address;
    batch_address.inner_step = k;
    auto facts = adaptation.facts.col(k);
    if (plan.deterministic) {
      Sample(policy, tasks, Exploration::kDeterministic, batch_address, plan.rollouts, episodes);
      facts[kDeterministicFact] = MeanReturn(episodes);
    }
    Sample(policy, tasks, Exploration::kStochastic, batch_address, 0, episodes);
    TellEpisodes(episodes, family_->spec(), facts);
    facts[kEntropy] = policy.Entropy();
    facts[kLogStd] = policy.log_std().mean();
    const bool is_last = k == plan.updates;  // the batch that only scores
    if (is_last && plan.derivative == Derivative::kNone) break;

    adaptation.samples += Steps(episodes);
    std::vector<Samples> samples =
        Estimate(episodes, tasks.cols(), adaptation.params, state.context);
    facts[kExplainedVariance] = ExplainedVariance(samples);
    if (k == 0) stats = context_.Measure(state.context, samples);
    for (Samples& task : samples) context_.NormalizeAdvantages(state.context, task.advantages);
    if (is_last) {
      const Vector gradient = PolicyGradient(policy, samples);
      facts[kGradientNorm] = gradient.norm();
      adaptation.gradient.resize(state.theta.size());
      adaptation.gradient.head(shape_.size()) = gradient;
      if (critic_) {
        adaptation.gradient.tail(critic_size()) = critic_->Gradient(
            adaptation.params.tail(critic_size()), context_.Observations(state.context), samples);
      }
      if (frozen) {
        frozen->Add({std::move(samples), batch_address, {}}, {policy, {}});
        adaptation.gradient = frozen->BackPropagate(gradient);
        if (plan.derivative == Derivative::kAtAnyTheta) adaptation.frozen = std::move(frozen);
      }
      break;
    }
    const Vector step_scale = context_.StepScale(state.context, k);
    const UpdateStats update = learner_->Update(policy, samples,
                                                {.address = batch_address,
                                                 .step_scale = step_scale,
                                                 .noise_ratio = context_.NoiseRatio(state.context)},
                                                memory, adaptation.params.head(shape_.size()));
    if (critic_) {
      auto critic_params = adaptation.params.tail(critic_size());
      critic_params = critic_->Fit(critic_params, context_.Observations(state.context), samples);
    }
    if (plan.trajectory) adaptation.trajectory.col(k + 1) = adaptation.params;
    facts[kGradientNorm] = update.gradient.norm();
    facts[kStepNorm] = update.step_norm;
    facts[kRefused] = update.refused ? 1 : 0;
    facts[kKl] = UpdateKl(policy, Policy(adaptation.params, state.context), samples);
    if (k > 0) {
      cosines.col(k - 1) = LayerCosines(shape_.network, last_direction, update.gradient);
    }
    last_direction = update.direction.size() > 0 ? update.direction : update.gradient;
    if (frozen) {
      frozen->Add({std::move(samples), batch_address, step_scale}, {policy, update});
    }
  }
  if (plan.updates > 0) {
    stats.cosines = std::move(cosines);
    adaptation.context_stats = context_.Pack(stats);
  }
  return adaptation;
}

Vector ControlLoop::MergeContext(const MetaState& state, std::span<const Adaptation> batch) const {
  return context_.Merge(state.context, state.iteration, batch);
}

}  // namespace anole
