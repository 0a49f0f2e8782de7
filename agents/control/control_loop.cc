#include "agents/control/control_loop.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agents/control/control_facts.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"

namespace anole {
namespace {

// Of the critic's initial weights: the first values are next to nothing.
constexpr double kLastLayerScale = 0.1;

std::optional<Critic<float>> MakeCritic(const ControlOptions& options, const PolicyShape& shape,
                                        const FamilySpec& spec) {
  if (options.advantages.baseline != Baseline::kCritic) return std::nullopt;
  return Critic<float>(options.critic, shape.observation_dim() + spec.privileged_dim, spec.horizon,
                       options.advantages.discount);
}

std::vector<Block> ThetaBlocks(const PolicyShape& shape,
                               const std::optional<Critic<float>>& critic) {
  std::vector<Block> blocks = shape.Blocks();
  if (critic) std::ranges::copy(critic->shape().Blocks("critic"), std::back_inserter(blocks));
  return blocks;
}

DerivativeLimit Derivatives(const ControlOptions& options, const InnerLearner& learner) {
  if (options.policy.gru > 0 && !learner.adapts_by_memory()) {
    return {Derivative::kAtPhi,
            "updates of a policy that remembers are not differentiated; set policy.gru to 0"};
  }
  if (options.advantages.baseline == Baseline::kCritic) {
    return {Derivative::kAtPhi,
            R"(the fit of inner.baseline = "critic" is not differentiated; set it to "linear")"};
  }
  const std::string reason = learner.first_order_only();
  return {reason.empty() ? Derivative::kAtAnyTheta : Derivative::kAtPhi, reason};
}

std::string StaysFor(const InnerLearner& learner) {
  if (!learner.adapts_by_memory()) return "";
  return R"(inner.learner = "memory" leaves the parameters as they are; choose "promp")";
}

void CheckMemoryLearner(const ControlOptions& options, const InnerLearner& learner) {
  if (!learner.adapts_by_memory()) return;
  if (options.policy.gru == 0) {
    throw OptionError("policy.gru",
                      R"(inner.learner = "memory" is of a policy that remembers; set this to 64, )"
                      "and policy.feedback to true");
  }
  if (options.advantages.baseline == Baseline::kCritic) {
    throw OptionError("inner.baseline",
                      R"(nothing fits a critic with inner.learner = "memory"; set it to "linear")");
  }
}

}  // namespace

void ControlOptions::Describe(VisitOf<ControlOptions> visit) {
  visit(&ControlOptions::policy);
  visit("inner.updates", &ControlOptions::updates,
        {.help = "inner updates of an adaptation, each on a fresh batch; with inner.learner = "
                 "\"memory\" episodes of a trial before the last one",
         .min = 1,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kTraining});
  visit("inner.rollouts", &ControlOptions::rollouts,
        {.help = "episodes of a batch; with inner.learner = \"memory\" trials",
         .min = 1,
         .max = 500000,
         .use = Use::kTraining});
  visit(&ControlOptions::advantages);
  const bool has_critic = visit->advantages.baseline == Baseline::kCritic;
  if (const auto where = visit.Where(has_critic, "inner.baseline = \"critic\"")) {
    where(&ControlOptions::critic);
  }
  visit(&ControlOptions::context);
}

ControlLoop::ControlLoop(const ControlOptions& options, std::unique_ptr<TaskFamily> family,
                         std::unique_ptr<InnerLearner> learner, std::int64_t schedule_length)
    : options_(options),
      family_(std::move(family)),
      learner_(std::move(learner)),
      shape_(
          MakeShape(options.policy, family_->spec().observation_dim, family_->spec().action_dim)),
      critic_(MakeCritic(options, shape_, family_->spec())),
      context_(options.policy, options.context, shape_, options.updates, schedule_length),
      spec_{.layout = {ThetaBlocks(shape_, critic_), context_.blocks()},
            .score = "return",
            .facts = ControlFacts(),
            .task_parameters = family_->spec().task_parameters,
            .task_ranges = family_->spec().task_ranges,
            .rolls_out = true,
            .training = {.updates = options.updates, .rollouts = options.rollouts},
            .derivatives = Derivatives(options, *learner_),
            .stays = StaysFor(*learner_),
            .batch_samples = options.rollouts * family_->spec().horizon,
            .warnings = family_->spec().warnings},
      workers_(*family_, Policy(Vector::Zero(shape_.size() + critic_size()), context_.Initial())) {
  if (options.context.learn_step_sizes && !learner_->takes_step_scale()) {
    throw OptionError("inner.learn_step_sizes",
                      "this inner.learner takes no step of a given size, so there is none to "
                      "learn; set it to false");
  }
  CheckMemoryLearner(options, *learner_);
  if (learner_->adapts_by_memory() && !options.policy.feedback) {
    spec_.warnings.emplace_back(
        R"(policy.feedback is off, so inner.learner = "memory" has no reward to adapt by)");
  }
}

Learnable ControlLoop::Initial(std::uint64_t seed) const {
  Rng rng = Address{.seed = seed}.Open(Purpose::kInit);
  Learnable state;
  state.theta.resize(shape_.size() + critic_size());
  state.theta.head(shape_.size()) = shape_.InitialParams(rng, options_.policy.log_std);
  if (critic_) {
    state.theta.tail(critic_size()) = critic_->shape().InitialParams(rng, kLastLayerScale);
  }
  state.context = context_.Initial();
  return state;
}

Matrix ControlLoop::SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const {
  return anole::SampleTasks(*family_, seed, phase, slice);
}

ControlPolicy<float> ControlLoop::Policy(VectorIn params, VectorIn context) const {
  const auto own = params.head(shape_.size());
  return {shape_, own, context_.LogStd(context, own), context_.Observations(context)};
}

std::vector<Episode> ControlLoop::MakeEpisodes(std::int64_t count) const {
  return {static_cast<std::size_t>(count), Episode(family_->spec(), shape_.feedback_dim)};
}

ControlLoop::Trials ControlLoop::MakeTrials(std::int64_t count) const {
  if (!learner_->adapts_by_memory()) return {};
  const Vector any = Vector::Zero(shape_.size());
  return {static_cast<std::size_t>(count), Policy(any, context_.Initial()).MakeMemory()};
}

void ControlLoop::Sample(const ControlPolicy<float>& policy, MatrixIn tasks,
                         Exploration exploration, const Address& address,
                         std::int64_t first_rollout, std::span<Episode> episodes,
                         std::span<ControlPolicy<float>::Memory> trials) const {
  const auto count = static_cast<std::int64_t>(episodes.size());
  const std::int64_t rollouts = count / tasks.cols();
  ParallelFor(count, [&](std::int64_t i) {
    Address episode_address = address;
    episode_address.task += i / rollouts;
    episode_address.rollout = first_rollout + i % rollouts;
    const WorkerPool::Lease worker = workers_.Borrow();
    const auto place = static_cast<std::size_t>(i);
    Rollout(tasks.col(i / rollouts), policy, exploration, episode_address, *worker, episodes[place],
            trials.empty() ? nullptr : &trials[place]);
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
                             episode.observations.leftCols(length),
                             episode.privileged.leftCols(length), StepTimes(length));
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

Vector ControlLoop::NextContext(const Learnable& state, std::span<const Adaptation> batch) const {
  return context_.Next(state.context, state.iteration, batch);
}

}  // namespace anole
