// Pushes: now and then a free body gets another velocity at once, as if something had hit it.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/random.h"
#include "envs/robot/robot.h"

namespace anole {

// One [[push]].
struct PushOptions {
  std::string body;
  std::vector<double> every;  // [s], shortest and longest
  bool steady = false;
  std::vector<double> speed;  // [m/s], least and largest
  double lift = 0;            // [m/s]
  double spin = 0;            // [rad/s]

  static void Describe(VisitOf<PushOptions> visit);
};

// Const and thread-safe: when the next one comes belongs to the episode.
class Push {
 public:
  // Throws OptionError.
  Push(const PushOptions& options, const Robot& robot);

  const PushOptions& options() const { return options_; }

  // In how many seconds the next one comes. pause: that of the episode, where it is steady.
  double NextIn(Rng& rng, double& pause) const;

  // Adds a velocity of a random direction over the ground to qvel, and what lifts and spins.
  void Apply(Rng& rng, mjData& data) const;

 private:
  PushOptions options_;
  int velocity_ = 0;  // address in qvel
};

}  // namespace anole
