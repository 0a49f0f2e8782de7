#include "envs/families/velocity_range.h"

#include <algorithm>
#include <cmath>

namespace anole {

void VelocityRange::Describe(VisitOf<VelocityRange> visit) {
  PhasedRange::Describe(visit, {.section = "task.",
                                .what = "goal velocity",
                                .limits = {.help = "", .unit = "m/s", .min = -100, .max = 100}});
}

TaskRanges VelocityRange::CheckedRanges() const {
  Check("task.");
  return ranges();
}

Vector VelocityRange::Sample(Rng& rng, const TaskPlace& place) const {
  const auto [low, high] = At(place);
  return Vector::Constant(1, StratifiedUniform(rng, low, high, place));
}

double VelocityRange::Reward(VectorIn task, double velocity) const {
  return -std::abs(velocity - task[0]);
}

// A diverged episode must not beat one that stands still.
double VelocityRange::diverged_reward() const {
  const auto [low, high] = ranges().whole();
  return -1 - std::max(std::abs(low), std::abs(high));
}

}  // namespace anole
