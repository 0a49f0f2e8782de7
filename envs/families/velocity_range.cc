#include "envs/families/velocity_range.h"

#include <algorithm>
#include <cmath>

#include "configs/user_error.h"

namespace anole {

void VelocityRange::Describe(OptionVisitor& visit) {
  visit("task.range", range,
        {.help = "lowest and highest goal velocity",
         .unit = "m/s",
         .min = -100,
         .max = 100,
         .min_size = 2,
         .max_size = 2});
}

TaskRange VelocityRange::bounds() const {
  if (range[0] > range[1]) {
    throw UserError("task.range: the lowest goal velocity is above the highest");
  }
  return {range[0], range[1]};
}

Vector VelocityRange::Sample(Rng& rng, const TaskPlace& place) const {
  return Vector::Constant(1, StratifiedUniform(rng, range[0], range[1], place));
}

double VelocityRange::Reward(VectorIn task, double velocity) const {
  return -std::abs(velocity - task[0]);
}

// A diverged episode must not beat one that stands still.
double VelocityRange::diverged_reward() const {
  const auto [low, high] = bounds();
  return -1 - std::max(std::abs(low), std::abs(high));
}

}  // namespace anole
