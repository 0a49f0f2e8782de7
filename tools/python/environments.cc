#include "tools/python/environments.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace anole::python {

Environments::Environments(std::unique_ptr<TaskFamily> family, std::int64_t count, int threads,
                           Phase phase)
    : family_(std::move(family)), phase_(phase) {
  for (std::int64_t i = 0; i < count; ++i) {
    slots_.push_back(std::make_unique<Slot>(*family_));
    slots_.back()->task.setZero(static_cast<Eigen::Index>(spec().task_parameters.size()));
    slots_.back()->action.resize(spec().action_dim);
    slots_.back()->observation.setZero(spec().observation_dim);
    Seed(i, 0);
  }
  if (threads > 1 && count > 1) arena_.emplace(threads);
}

void Environments::Seed(std::int64_t i, std::uint64_t seed) {
  Slot& slot = *slots_[static_cast<std::size_t>(i)];
  slot.seed = seed;
  slot.episodes = 0;
}

void Environments::Place(std::int64_t i, const Address& address) {
  slots_[static_cast<std::size_t>(i)]->place = address;
}

void Environments::SetTask(std::int64_t i, const std::optional<Vector>& task) {
  slots_[static_cast<std::size_t>(i)]->fixed_task = task;
}

void Environments::ForEach(const std::function<void(std::int64_t)>& body) {
  const std::int64_t n = size();
  if (arena_) return arena_->Run([&] { ParallelFor(n, body); });
  for (std::int64_t i = 0; i < n; ++i) body(i);
}

void Environments::Begin(std::int64_t i, VectorOut observation) {
  Slot& slot = *slots_[static_cast<std::size_t>(i)];
  const std::int64_t number = slot.episodes;
  slot.task =
      slot.fixed_task
          ? *slot.fixed_task
          : Vector(SampleTasks(*family_, slot.seed, phase_, {.first = number, .count = 1}).col(0));
  // The number is spread over what an address has room for.
  constexpr std::int64_t kRollouts = Address::kMaxRollout + 1;
  Address address{.seed = slot.seed,
                  .phase = phase_,
                  .iteration = number / kRollouts,
                  .rollout = number % kRollouts};
  std::int64_t iteration = kGrown;
  if (slot.place) {
    address = *std::exchange(slot.place, std::nullopt);
    iteration = IterationOf(address);
  } else {
    ++slot.episodes;
  }
  slot.stage.Reset(slot.task, address, iteration);
  slot.stage.Observe(slot.observation);
  slot.state = State::kRunning;
  slot.steps = 0;
  observation = slot.observation;
  if (watcher_) watcher_(i, 0);
}

void Environments::Reset(const bool* mask, Eigen::Map<Matrix> observations) {
  ForEach([&](std::int64_t i) {
    if (mask[i]) return Begin(i, observations.col(i));
    observations.col(i) = slots_[static_cast<std::size_t>(i)]->observation;
  });
}

void Environments::Step(const Eigen::Map<const Matrix>& actions, Autoreset mode, StepOutputs out) {
  for (std::int64_t i = 0; i < size(); ++i) {
    const Slot& slot = *slots_[static_cast<std::size_t>(i)];
    const auto where = [&] { return size() > 1 ? " of environment " + std::to_string(i) : ""; };
    if (slot.state == State::kNew) {
      throw std::logic_error("the first episode" + where() + " has not begun: call reset");
    }
    if (slot.state == State::kEnded && mode == Autoreset::kDisabled) {
      throw std::logic_error("the episode" + where() + " has ended: call reset");
    }
    if (!actions.col(i).allFinite()) {
      throw std::invalid_argument("the action" + where() + " is not finite");
    }
  }
  ForEach([&](std::int64_t i) { StepOne(i, actions, mode, out); });
}

void Environments::StepOne(std::int64_t i, const Eigen::Map<const Matrix>& actions, Autoreset mode,
                           StepOutputs& out) {
  Slot& slot = *slots_[static_cast<std::size_t>(i)];
  out.rewards[i] = 0;
  out.reward_terms.col(i).setZero();
  out.terminated[i] = out.truncated[i] = out.success[i] = out.diverged[i] = false;
  if (slot.state == State::kEnded) return Begin(i, out.observations.col(i));  // kNextStep

  const FamilySpec& spec = family_->spec();
  slot.action = actions.col(i);
  const Outcome outcome = slot.stage.Step(slot.action, out.reward_terms.col(i));
  if (outcome.diverged) {
    out.reward_terms.col(i).setZero();
    out.rewards[i] = spec.diverged_reward * static_cast<double>(spec.horizon - slot.steps);
  } else {
    slot.stage.Observe(slot.observation);
    out.rewards[i] = outcome.reward;
    out.success[i] = outcome.success;
  }
  ++slot.steps;
  if (watcher_) watcher_(i, slot.steps);
  out.diverged[i] = outcome.diverged;
  out.terminated[i] = outcome.terminated || outcome.diverged;
  out.truncated[i] = !out.terminated[i] && slot.steps == spec.horizon;
  out.observations.col(i) = slot.observation;
  if (!out.terminated[i] && !out.truncated[i]) return;
  slot.state = State::kEnded;
  if (mode != Autoreset::kSameStep) return;
  out.final_observations.col(i) = slot.observation;
  Begin(i, out.observations.col(i));
}

}  // namespace anole::python
