// A task tried with random actions.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "envs/task_family.h"

namespace anole::app {

// What random episodes have shown.
struct Trial {
  std::array<int, 3> ends = {};  // by End
  std::int64_t steps = 0;
  double seconds = 0, sum_of_returns = 0;
  Vector reward_terms;     // sums
  Vector lowest, highest;  // of observations
};

// So many episodes of tasks of training, on one thread. file: the task's. Throws UserError where
// MuJoCo cannot simulate it, which is then the model's fault.
Trial TryRobot(const TaskFamily& family, int episodes, std::uint64_t seed, const std::string& file);

}  // namespace anole::app
