// The half-cheetah body and its dynamics as in Gymnasium's HalfCheetah-v5: what all cheetah tasks
// share. A task family on this body adds its goal and its reward.
//
// Observation (17): qpos without the root's x [m, rad], then qvel [m/s, rad/s]. Action (6).
// Reset: qpos0 + U(-.1, .1), velocities .1 * N(0, 1). Control step: 5 physics steps of .01 s.
#pragma once

#include "envs/families/locomotion.h"

namespace anole {

class HalfCheetah : public Locomotion {
 public:
  struct Options : Locomotion::Options {
    Options() { control_cost = 0.05; }
  };

 protected:
  HalfCheetah(const Options& options, const Goal& goal)
      : Locomotion(options,
                   {.model = "half_cheetah.xml",
                    .physics_steps = 5,
                    .observed = State(1),
                    .reset_noise = 0.1,
                    .normal_velocities = true},
                   goal) {}
};

}  // namespace anole
