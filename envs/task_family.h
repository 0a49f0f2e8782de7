// A task family: a distribution over Markov decision processes that share one body.
//
// A task is a column of numbers (a goal velocity, a target point), so fixed task sets, held-out
// sets and stratified meta-batches are matrices, not code paths.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "configs/registry.h"
#include "envs/displays/task_display.h"
#include "envs/family_interface.h"
#include "envs/linear_algebra.h"
#include "envs/mujoco.h"
#include "envs/phased_range.h"
#include "envs/random.h"
#include "envs/task_list.h"

namespace anole {

// How pictures show tasks; shared by the copies of a spec.
using DisplayPtr = std::shared_ptr<const TaskDisplay>;

struct FamilySpec {
  std::int64_t observation_dim = 0;
  // Numbers that simulation knows and a robot does not: what advantages are measured against sees
  // them beside the observation, a policy never.
  std::int64_t privileged_dim = 0;
  std::int64_t action_dim = 0;
  std::int64_t memory_dim = 0;  // of Simulation::memory
  std::int64_t horizon = 0;     // [control steps]
  double action_range = 1;      // components of an action beyond +-this are clipped to it
  double control_dt = 0;        // [s]
  std::vector<ObservationPart> observations;  // of observation_dim numbers, in their order
  std::vector<ActionPart> actions;            // (action_dim)
  std::vector<ActionRule> action_rules;       // that they follow; none: each by itself
  double diverged_reward = 0;              // counted for each step that a diverged episode misses
  std::vector<NamedUnit> task_parameters;  // rows of a task column
  std::vector<TaskRanges> task_ranges;     // what those rows are drawn from; none: unknown
  DisplayPtr display = std::make_shared<TaskDisplay>();
  bool has_success = false;             // whether Outcome::success means anything
  std::vector<NamedUnit> reward_terms;  // their sum is the reward
  std::vector<std::string> warnings;    // of what is probably not meant so, told before training
  std::string simulated;                // how, for people: "by a faster model ..."; without
                                        // physics ""
};

// The iteration of an episode that belongs to none of training: what grows with it has grown.
inline constexpr std::int64_t kGrown = std::numeric_limits<std::int64_t>::max();

// What a family may touch in an episode (envs/stage.h). Its streams belong to the episode.
struct Simulation {
  const mjModel& model;
  mjData& data;
  Rng& reset;
  Rng& observe;
  std::int64_t iteration;  // of training that the episode belongs to, or kGrown
  VectorOut memory;  // (memory_dim): what a family keeps from step to step beside mjData, as the
                     // last action; zero at the start of an episode
};

// What came of one control step.
struct Outcome {
  double reward = 0;
  bool terminated = false;  // by the task itself, not by the horizon
  bool success = false;     // the task is fulfilled now; an episode's success is that of its end
  bool diverged = false;    // physics blew up; found by the Stage, never by a family
};

// Const and thread-safe: whatever changes in an episode is in Simulation.
class TaskFamily {
 public:
  virtual ~TaskFamily() = default;

  virtual const FamilySpec& spec() const = 0;

  // The body that all tasks share, as compiled. Need not have looks, nor any geom that nothing
  // touches.
  virtual const mjModel& model() const = 0;
  // The same body with all that is to be seen of it, for pictures; as here where model() has that.
  virtual ModelPtr PicturedModel() const { return CopyModel(model()); }

  // Whether tasks, or episodes of one, differ in their dynamics. Then Configure makes each its own.
  virtual bool varies_model() const { return false; }
  // Gives `model`, which is as model(), the dynamics of an episode of `task`; `rng` is the
  // episode's, `iteration` that of training to which it belongs, or kGrown. What derives from what
  // was changed is computed by the caller (task_model.h). Leaves alone what all threads share:
  // meshes and other assets, names, keyframes.
  virtual void Configure(VectorIn /*task*/, std::int64_t /*iteration*/, Rng& /*rng*/,
                         mjModel& /*model*/) const {}

  // One task (rows named by spec().task_parameters) at `place` in the endless list of tasks.
  virtual Vector Sample(Rng& rng, const TaskPlace& place) const = 0;

  // Draws an initial state. `data` comes from mj_resetData and is left with mj_forward done.
  virtual void Reset(VectorIn task, Simulation& simulation) const = 0;

  // observation: (observation_dim), raw (normalisation is the policy's).
  virtual void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const = 0;

  // privileged: (privileged_dim), after Observe in the same state.
  virtual void ObservePrivileged(VectorIn /*task*/, Simulation& /*simulation*/,
                                 VectorOut /*privileged*/) const {}

  // Advances by control_dt. action: (action_dim), raw as the policy drew it; reward_terms:
  // (reward_terms) is written. Physics that blows up is not looked for here.
  virtual Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
                       VectorOut reward_terms) const = 0;
};

using TaskFamilies = Registry<TaskFamily>;
template <class Family>
using RegisterFamily = Registration<TaskFamily, Family>;

// (task parameters x slice.count): the columns slice.first .. of the phase's endless task list.
Matrix SampleTasks(const TaskFamily& family, std::uint64_t seed, Phase phase, const Slice& slice);

}  // namespace anole
