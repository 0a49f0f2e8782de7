#include "agents/control/rollout.h"

#include <cmath>
#include <utility>

namespace anole {

Worker::Worker(const TaskFamily& family, const ControlPolicy<float>& policy)
    : model(family),
      data(MakeData(family.model())),
      memory(family.spec().memory_dim),
      noise(family.spec().action_dim),
      policy_memory(policy.MakeMemory()) {}

WorkerPool::Lease WorkerPool::Borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Worker> worker = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(worker)};
    }
  }
  return {*this, std::make_unique<Worker>(family_, policy_)};
}

void WorkerPool::Return(std::unique_ptr<Worker> worker) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
}

void Rollout(const TaskFamily& family, VectorIn task, const ControlPolicy<float>& policy,
             Exploration exploration, const Address& address, Worker& worker, Episode& episode) {
  const FamilySpec& spec = family.spec();
  Rng reset = address.Open(Purpose::kReset);
  Rng observe = address.Open(Purpose::kObserve);
  Rng step = address.Open(Purpose::kStep);
  Rng explore = address.Open(Purpose::kAction);
  const mjModel& model = worker.model.Prepare(task, address, *worker.data);
  Simulation simulation{model, *worker.data, reset, observe, step, worker.memory};

  worker.memory.setZero();
  worker.noise.setZero();
  family.Reset(task, simulation);
  policy.BeginEpisode(worker.policy_memory);

  episode.end = End::kTimeLimit;
  episode.success = false;
  episode.undiscounted_return = 0;
  std::int64_t& t = episode.length;
  for (t = 0; t < spec.horizon; ++t) {
    auto observation = episode.observations.col(t);
    auto action = episode.actions.col(t);
    family.Observe(task, simulation, observation);
    policy.Mean(observation, worker.policy_memory, action);
    if (exploration == Exploration::kStochastic) {
      for (double& noise : worker.noise) noise = explore.Normal();
      action += policy.standard_deviation().cwiseProduct(worker.noise);
    }
    episode.log_probs[t] = policy.LogProb(worker.noise);
    const Outcome outcome = family.Step(task, action, simulation, episode.reward_terms.col(t));
    if (!std::isfinite(outcome.reward) || !IsHealthy(simulation.model, simulation.data)) {
      episode.end = End::kDiverged;
      episode.success = false;
      episode.undiscounted_return += spec.diverged_reward * static_cast<double>(spec.horizon - t);
      break;
    }
    episode.rewards[t] = outcome.reward;
    episode.undiscounted_return += outcome.reward;
    episode.success = outcome.success;
    if (outcome.terminated) {
      episode.end = End::kTerminated;
      ++t;
      break;
    }
  }
}

}  // namespace anole
