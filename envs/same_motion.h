// Whether two models of one body move equally in every bit, by trial.
#pragma once

#include <mujoco/mujoco.h>

namespace anole {

// Replays the same two episodes on both, from random states about qpos0 or the keyframes: 100
// random actions, each held for 5 steps; the second episode with ten times larger actions and from
// a state far off. After each action, compares state, acceleration, sensors and all contacts. False
// as well where nothing touched although there are explicit pairs of geoms: that says nothing about
// them. Deterministic; costs 2,000 mj_step.
bool SameMotion(const mjModel& model, const mjModel& other);

}  // namespace anole
