// Whether two models of one body move equally in every bit, by trial.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <span>

namespace anole {

struct MotionTrial {
  bool same = true;
  std::int64_t steps = 0;  // of physics that were compared; where they differ, until that was seen
  bool touched = false;    // whether any geoms did
};

// Replays the same two episodes on both, from random states about qpos0 or the keyframes: 100
// random actions, each held for 5 steps; the second episode with ten times larger actions and from
// a state far off. After each action, compares state, acceleration, sensors and all contacts.
// geoms: the ids in `model` of those of `other`, in order. Deterministic; costs 2,000 mj_step.
MotionTrial TryMotion(const mjModel& model, const mjModel& other, std::span<const int> geoms);
// With the same geoms.
MotionTrial TryMotion(const mjModel& model, const mjModel& other);

// Whether they move equally and that says something: false as well where nothing touched although
// there are explicit pairs of geoms.
bool SameMotion(const mjModel& model, const mjModel& other);

}  // namespace anole
