// Many environments of one task family, stepped together: what Gymnasium's environments are made
// of.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/stage.h"
#include "envs/task_family.h"

namespace anole::python {

// When an episode that has ended makes room for the next one, as Gymnasium's AutoresetMode says.
enum class Autoreset {
  kNextStep,  // the next step begins the next episode, whatever the action
  kSameStep,  // the step that ends it does
  kDisabled,  // Reset does; to step on without it is an error
};

// What a step leaves, a column for each of n environments, in memory of the caller. Each episode
// that has ended in it leaves its last observation in final_observations and its numbers, not those
// of the next one, in the rest. Steps that begin an episode (kNextStep) have zeros.
struct StepOutputs {
  Eigen::Map<Matrix> observations;        // (observation_dim x n)
  Eigen::Map<Matrix> final_observations;  // the same, of kSameStep; else without columns
  Eigen::Map<Matrix> reward_terms;        // (reward terms x n)
  Eigen::Map<Vector> rewards;             // (n)
  bool *terminated, *truncated;           // (n)
  bool *success, *diverged;               // (n)
};

// Every environment plays episode after episode, each a function of its task, its address and its
// actions, as in the program. What a diverged episode leaves: its last observation before; the
// reward that all missing steps count, as FamilySpec says; terms of zero.
class Environments {
 public:
  // phase: of tasks that are drawn, and of the streams of episodes. threads: that step.
  Environments(std::unique_ptr<TaskFamily> family, std::int64_t count, int threads, Phase phase);

  std::int64_t size() const { return static_cast<std::int64_t>(slots_.size()); }
  const TaskFamily& family() const { return *family_; }
  const FamilySpec& spec() const { return family_->spec(); }

  // Whose the episodes of environment i are from now on; the first of them is number 0.
  void Seed(std::int64_t i, std::uint64_t seed);
  // Where its next episode belongs, that one alone; it is none of the seed's.
  void Place(std::int64_t i, const Address& address);
  // The task of its next episode and of all after it; nothing: that of the seed's list which has
  // the number of the episode.
  void SetTask(std::int64_t i, const std::optional<Vector>& task);

  bool has_begun(std::int64_t i) const {
    return slots_[static_cast<std::size_t>(i)]->state != State::kNew;
  }
  // Of the running episode: its task, and its stage.
  const Vector& task(std::int64_t i) const { return slots_[static_cast<std::size_t>(i)]->task; }
  const Stage& stage(std::int64_t i) const { return slots_[static_cast<std::size_t>(i)]->stage; }

  // Begins an episode in each environment of which mask is true. observations: (observation_dim x
  // n), the last ones of the others.
  void Reset(const bool* mask, Eigen::Map<Matrix> observations);

  // actions: (action_dim x n), raw. Throws std::invalid_argument where a number of them is not
  // finite, or std::logic_error where an environment needs a Reset: then nothing has moved.
  void Step(const Eigen::Map<const Matrix>& actions, Autoreset mode, StepOutputs out);

  // Told of each episode that begins (steps 0) and of each step, by the thread that steps
  // environment i: to make pictures.
  using Watcher = std::function<void(std::int64_t i, std::int64_t steps)>;
  void Watch(Watcher watcher) { watcher_ = std::move(watcher); }

 private:
  enum class State { kNew, kRunning, kEnded };

  struct Slot {
    explicit Slot(const TaskFamily& family) : stage(family) {}

    Stage stage;
    State state = State::kNew;
    std::int64_t steps = 0;  // of the running episode
    std::uint64_t seed = 0;
    std::int64_t episodes = 0;     // begun since it was seeded
    std::optional<Address> place;  // of the next episode, if it is none of those
    Vector task, action, observation;
    std::optional<Vector> fixed_task;
  };

  void Begin(std::int64_t i, VectorOut observation);
  void StepOne(std::int64_t i, const Eigen::Map<const Matrix>& actions, Autoreset mode,
               StepOutputs& out);
  void ForEach(const std::function<void(std::int64_t)>& body);

  std::unique_ptr<TaskFamily> family_;
  Phase phase_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::optional<ThreadArena> arena_;  // none: on the thread that calls
  Watcher watcher_;
};

}  // namespace anole::python
