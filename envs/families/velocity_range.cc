#include "envs/families/velocity_range.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "configs/user_error.h"

namespace anole {
namespace {

TaskRange ToRange(const std::string& option, const std::vector<double>& range) {
  if (range.size() != 2) throw UserError(option + ": must be the lowest and the highest velocity");
  if (range[0] > range[1]) {
    throw UserError(option + ": the lowest goal velocity is above the highest");
  }
  return {range[0], range[1]};
}

}  // namespace

void VelocityRange::Describe(OptionVisitor& visit) {
  visit("task.range", range,
        {.help = "lowest and highest goal velocity",
         .unit = "m/s",
         .min = -100,
         .max = 100,
         .min_size = 2,
         .max_size = 2});
  visit("task.test_range", test_range,
        {.help = "the same of held-out tasks, never of training and validation; []: as task.range",
         .unit = "m/s",
         .min = -100,
         .max = 100,
         .max_size = 2});
}

TaskRange VelocityRange::Of(Phase phase) const {
  if (phase == Phase::kTest && !test_range.empty()) return ToRange("task.test_range", test_range);
  return ToRange("task.range", range);
}

TaskRange VelocityRange::whole() const {
  const TaskRange train = Of(Phase::kTrain), test = Of(Phase::kTest);
  return {std::min(train.low, test.low), std::max(train.high, test.high)};
}

Vector VelocityRange::Sample(Rng& rng, const TaskPlace& place) const {
  const auto [low, high] = Of(place.phase);
  return Vector::Constant(1, StratifiedUniform(rng, low, high, place));
}

double VelocityRange::Reward(VectorIn task, double velocity) const {
  return -std::abs(velocity - task[0]);
}

// A diverged episode must not beat one that stands still.
double VelocityRange::diverged_reward() const {
  const auto [low, high] = whole();
  return -1 - std::max(std::abs(low), std::abs(high));
}

}  // namespace anole
