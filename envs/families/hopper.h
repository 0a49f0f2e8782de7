// The hopper body and its dynamics as in Gymnasium's Hopper-v5: what all hopper tasks share.
//
// Observation (11): qpos without the root's x [m, rad], then qvel within +-10 [m/s, rad/s].
// Action (3). Reset: qpos0 and velocities + U(-.005, .005). Physics step: .002 s.
// Healthy: the torso's height is above .7 m, its pitch within +-.2 rad, every other angle and every
// velocity within +-100.
#pragma once

#include "envs/families/upright_options.h"

namespace anole {

class Hopper : public Locomotion {
 public:
  using Options = UprightOptions;

 protected:
  static constexpr std::string_view kModel = "hopper.xml";

  Hopper(const Options& options, const Goal& goal)
      : Locomotion(options,
                   {.model = kModel,
                    .physics_steps = options.physics_steps,
                    .observed = State(1, 10),
                    .reset_noise = 5e-3,
                    .health = Health{.height = {0.7, kInfinity},
                                     .pitch = TaskRange{-0.2, 0.2},
                                     .largest_rest = 100,
                                     .bonus = options.alive_bonus,
                                     .terminates = options.terminate}},
                   goal) {}
};

}  // namespace anole
