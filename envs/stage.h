// One episode's simulation: what plays an episode, be it a rollout, a film or a test, plays it
// here.
//
//   Stage stage(family);
//   stage.Reset(task, address);
//   while (...) { stage.Observe(); const Outcome outcome = stage.Step(action); }
#pragma once

#include <cstdint>
#include <functional>

#include "envs/mujoco.h"
#include "envs/random.h"
#include "envs/task_family.h"
#include "envs/task_model.h"

namespace anole {

// The iteration of training that an episode of an experiment belongs to, or kGrown.
inline std::int64_t IterationOf(const Address& address) {
  return address.phase == Phase::kTrain ? address.iteration : kGrown;
}

// The memory of one thread at a time, for any number of episodes: an episode depends on its task,
// its address and its actions alone, whatever was played before. Episodes allocate nothing.
class Stage {
 public:
  explicit Stage(const TaskFamily& family);  // which outlives it
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() = default;

  // Begins the episode of `task` (task parameters) at `address`: its dynamics, its noise, its
  // initial state. iteration: of training, if the episode belongs to it, for what grows meanwhile.
  void Reset(VectorIn task, const Address& address, std::int64_t iteration = kGrown);

  // observation: (observation_dim), raw. Draws observation noise anew, so that an episode observes
  // once before each step.
  void Observe(VectorOut observation);
  const Vector& Observe();  // the same, kept until the next one

  // privileged: (privileged_dim), after Observe.
  void ObservePrivileged(VectorOut privileged);

  // One control step. action: (action_dim), raw; reward_terms: (reward terms) is written. After a
  // step that diverged the state and the reward mean nothing.
  Outcome Step(VectorIn action, VectorOut reward_terms);
  Outcome Step(VectorIn action);  // the same; reward_terms() are its terms
  const Vector& reward_terms() const { return reward_terms_; }

  // Copies the state into `shown`, made for model(), with all positions that follow from it. Those
  // in data() lag behind, and to bring them up to date there would change the motion in its last
  // bits.
  void Show(mjData& shown) const;

  // Changes the model of the running episode, with what derives from it, of this stage alone and
  // until the next Reset. A number of bodies, joints and the like cannot change.
  void ChangeModel(const std::function<void(mjModel&)>& change) {
    model_ = &task_model_.Change(change);
  }

  const TaskFamily& family() const { return family_; }
  const mjModel& model() const { return *model_; }  // of the episode
  mjData& data() { return *data_; }
  const mjData& data() const { return *data_; }

 private:
  Simulation Now() { return {*model_, *data_, reset_, observe_, iteration_, memory_}; }

  const TaskFamily& family_;
  TaskModel task_model_;
  const mjModel* model_;
  DataPtr data_;
  Rng reset_ = Address().Open(Purpose::kReset), observe_ = Address().Open(Purpose::kObserve);
  std::int64_t iteration_ = kGrown;
  Vector task_, memory_, observation_, reward_terms_;
};

}  // namespace anole
