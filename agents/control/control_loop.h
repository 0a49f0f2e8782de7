// Reinforcement learning of one task: sample episodes, estimate advantages, update, again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "agents/control/control_context.h"
#include "agents/control/critic.h"
#include "agents/control/inner_learner.h"
#include "agents/control/rollout.h"
#include "agents/inner_loop.h"

namespace anole {

struct ControlOptions {
  std::int64_t updates = 5;
  std::int64_t rollouts = 10;
  AdvantageOptions advantages;
  CriticOptions critic;
  ContextOptions context;
  PolicyOptions policy;

  static void Describe(VisitOf<ControlOptions> visit);
};

class ControlLoop : public InnerLoop {
 public:
  // schedule_length: of a scheduled action noise [meta-iterations]; 0: it stays as it begins.
  ControlLoop(const ControlOptions& options, std::unique_ptr<TaskFamily> family,
              std::unique_ptr<InnerLearner> learner, std::int64_t schedule_length = 0);

  const InnerLoopSpec& spec() const override { return spec_; }
  Learnable Initial(std::uint64_t seed) const override;
  Matrix SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const override;
  Adaptation Adapt(const Learnable& state, MatrixIn tasks, const Address& address,
                   const Plan& plan) const override;
  Vector NextContext(const Learnable& state, std::span<const Adaptation> batch) const override;

  // Learns from episodes that were recorded elsewhere, one update of each batch: as Adapt would
  // have from these very episodes, to the last bit, if they have the log-probabilities of their
  // actions; those of an episode are computed where one is not finite. Each batch has to be of
  // the policy that the updates before it lead to. address: of what a learner draws. With the
  // trajectory. Throws UserError where inner.learner updates nothing.
  Adaptation AdaptTo(const Learnable& state, std::span<const std::vector<Episode>> batches,
                     const Address& address) const;

  const TaskFamily& family() const { return *family_; }
  const ControlOptions& options() const { return options_; }
  const InnerLearner& learner() const { return *learner_; }
  const PolicyShape& policy_shape() const { return shape_; }
  const ControlContext& context() const { return context_; }

  // The policy at `params` (as theta) with the normaliser and the noise of `context`.
  ControlPolicy<float> Policy(VectorIn params, VectorIn context) const;

  // So many, to be filled.
  std::vector<Episode> MakeEpisodes(std::int64_t count) const;

  // What a policy remembers in so many trials, each of an episode in every batch: at first nothing.
  // Empty where inner.learner does not have it remember from one episode to the next.
  using Trials = std::vector<ControlPolicy<float>::Memory>;
  Trials MakeTrials(std::int64_t count) const;

  // Fills `episodes` in parallel, equally many for each column of `tasks`, in their order. Rollout
  // r of column j is that of task number address.task + j; numbers begin at first_rollout. trials:
  // as MakeTrials made them for as many, one for each episode; they go on. None: nothing is
  // remembered.
  void Sample(const ControlPolicy<float>& policy, MatrixIn tasks, Exploration exploration,
              const Address& address, std::int64_t first_rollout, std::span<Episode> episodes,
              std::span<ControlPolicy<float>::Memory> trials = {}) const;

 private:
  class Course;

  // Theta is the policy's parameters, then, where there is one, the critic's.
  std::int64_t critic_size() const { return critic_ ? critic_->shape().size() : 0; }

  // Advantages, one element for each of `tasks` that share out the episodes; not normalised.
  std::vector<Samples> Estimate(std::span<const Episode> episodes, std::int64_t tasks,
                                VectorIn params, VectorIn context) const;

  ControlOptions options_;
  std::unique_ptr<TaskFamily> family_;
  std::unique_ptr<InnerLearner> learner_;
  PolicyShape shape_;
  std::optional<Critic<float>> critic_;  // where inner.baseline asks for one
  ControlContext context_;
  InnerLoopSpec spec_;
  mutable WorkerPool workers_;  // memory only: what it holds never shows in a result
};

}  // namespace anole
