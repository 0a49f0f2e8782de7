#include "agents/control/rollout.h"

#include <utility>

namespace anole {

Worker::Worker(const TaskFamily& family, const ControlPolicy<float>& policy)
    : stage(family), noise(family.spec().action_dim), policy_memory(policy.MakeMemory()) {}

WorkerPool::Lease WorkerPool::Borrow() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Worker> worker = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(worker)};
    }
  }
  return {*this, std::make_unique<Worker>(family_, policy_)};
}

void WorkerPool::Return(std::unique_ptr<Worker> worker) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(worker));
}

void Rollout(VectorIn task, const ControlPolicy<float>& policy, Exploration exploration,
             const Address& address, Worker& worker, Episode& episode,
             ControlPolicy<float>::Memory* trial) {
  Stage& stage = worker.stage;
  const FamilySpec& spec = stage.family().spec();
  Rng explore = address.Open(Purpose::kAction);
  worker.noise.setZero();
  stage.Reset(task, address, IterationOf(address));
  ControlPolicy<float>::Memory& memory = trial == nullptr ? worker.policy_memory : *trial;
  if (trial == nullptr) policy.BeginEpisode(memory);

  episode.end = End::kTimeLimit;
  episode.success = false;
  episode.undiscounted_return = 0;
  std::int64_t& t = episode.length;
  for (t = 0; t < spec.horizon; ++t) {
    auto observation = episode.observations.col(t);
    auto action = episode.actions.col(t);
    stage.Observe(observation.head(spec.observation_dim));
    policy.Recall(memory, observation);
    if (spec.privileged_dim > 0) stage.ObservePrivileged(episode.privileged.col(t));
    policy.Mean(observation, memory, action);
    if (exploration == Exploration::kStochastic) {
      for (double& noise : worker.noise) noise = explore.Normal();
      action += policy.standard_deviation().cwiseProduct(worker.noise);
    }
    episode.log_probs[t] = policy.LogProb(worker.noise);
    const Outcome outcome = stage.Step(action, episode.reward_terms.col(t));
    if (outcome.diverged) {
      episode.end = End::kDiverged;
      episode.success = false;
      episode.undiscounted_return += spec.diverged_reward * static_cast<double>(spec.horizon - t);
      policy.Remember(memory, action, spec.diverged_reward, true);
      break;
    }
    episode.rewards[t] = outcome.reward;
    episode.undiscounted_return += outcome.reward;
    episode.success = outcome.success;
    policy.Remember(memory, action, outcome.reward, outcome.terminated || t + 1 == spec.horizon);
    if (outcome.terminated) {
      episode.end = End::kTerminated;
      ++t;
      break;
    }
  }
}

}  // namespace anole
