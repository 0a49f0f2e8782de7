// The options of robots that can fall: walker and hopper.
#pragma once

#include "envs/families/locomotion.h"

namespace anole {

// The defaults are those of Gymnasium's Walker2d-v5 and Hopper-v5.
struct UprightOptions : Locomotion::Options {
  std::int64_t physics_steps = 4;
  double alive_bonus = 1;
  bool terminate = true;

  UprightOptions() { control_cost = 1e-3; }

  static void Describe(VisitOf<UprightOptions> visit) {
    Locomotion::Options::Describe(visit);
    visit("task.physics_steps", &UprightOptions::physics_steps,
          {.help = "physics steps of .002 s in a control step", .min = 1, .max = 1000});
    visit("task.alive_bonus", &UprightOptions::alive_bonus,
          {.help = "reward of each step that leaves it upright; where it is below what a step "
                   "costs, falling pays",
           .min = 0,
           .max = 1e3});
    visit("task.terminate", &UprightOptions::terminate,
          {.help = "end an episode when it has fallen"});
  }
};

}  // namespace anole
