// The swimmer body and its dynamics as in Gymnasium's Swimmer-v5: what all swimmer tasks share.
//
// Observation (8): qpos without the head's x and y [rad], then qvel [m/s, rad/s]. Action (2).
// Reset: qpos0 and velocities + U(-.1, .1). Control step: 4 physics steps of .01 s.
#pragma once

#include "envs/families/locomotion.h"

namespace anole {

class Swimmer : public Locomotion {
 public:
  struct Options : Locomotion::Options {
    Options() { control_cost = 1e-4; }
  };

 protected:
  Swimmer(const Options& options, const Goal& goal)
      : Locomotion(
            options,
            {.model = "swimmer.xml", .physics_steps = 4, .observed = State(2), .reset_noise = 0.1},
            goal) {}
};

}  // namespace anole
