// The walker body and its dynamics as in Gymnasium's Walker2d-v5: what all walker tasks share.
//
// Observation (17): qpos without the root's x [m, rad], then qvel within +-10 [m/s, rad/s].
// Action (6). Reset: qpos0 and velocities + U(-.005, .005). Physics step: .002 s.
// Healthy: the torso's height is above .8 and below 2 m, its pitch within +-1 rad.
#pragma once

#include "envs/families/upright_options.h"

namespace anole {

class Walker : public Locomotion {
 public:
  using Options = UprightOptions;

 protected:
  static constexpr std::string_view kModel = "walker.xml";

  Walker(const Options& options, const Goal& goal)
      : Locomotion(options,
                   {.model = kModel,
                    .physics_steps = options.physics_steps,
                    .observed = State(1, 10),
                    .reset_noise = 5e-3,
                    .health = Health{.height = {0.8, 2},
                                     .pitch = TaskRange{-1, 1},
                                     .bonus = options.alive_bonus,
                                     .terminates = options.terminate}},
                   goal) {}
};

}  // namespace anole
