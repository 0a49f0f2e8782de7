// The task to move at a given velocity, on any body: GoalVelocity<Walker> is a task family.
// Task: goal velocity along x [m/s], uniform in `task.range`, stratified.
// Reward: -|velocity - goal|, and what the body costs and earns.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "configs/user_error.h"
#include "envs/families/locomotion.h"

namespace anole {

// Body: derived from Locomotion, made of its Options and a Goal.
template <class Body>
class GoalVelocity : public Body {
 public:
  struct Options : Body::Options {
    std::vector<double> range;  // [m/s]

    void Describe(OptionVisitor& visit) {
      Body::Options::Describe(visit);
      visit("task.range", range,
            {.help = "lowest and highest goal velocity",
             .unit = "m/s",
             .min = -100,
             .max = 100,
             .min_size = 2,
             .max_size = 2});
    }
  };

  explicit GoalVelocity(const Options& options)
      : Body(options, {.parameters = {{"goal_velocity", "m/s"}},
                       .ranges = {{options.range[0], options.range[1]}},
                       .display = TaskDisplay::kVelocityX,
                       .reward_term = {"velocity_error", "m/s"},
                       .diverged_reward = -WorstError(options)}),
        range_(options.range) {
    if (range_[0] > range_[1]) {
      throw UserError("task.range: the lowest goal velocity is above the highest");
    }
  }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return Vector::Constant(1, StratifiedUniform(rng, range_[0], range_[1], place));
  }

 private:
  // A diverged episode must not beat one that stands still.
  static double WorstError(const Options& options) {
    return 1 + std::max(std::abs(options.range[0]), std::abs(options.range[1]));
  }

  double GoalReward(VectorIn task, double velocity) const override {
    return -std::abs(velocity - task[0]);
  }

  std::vector<double> range_;
};

}  // namespace anole
