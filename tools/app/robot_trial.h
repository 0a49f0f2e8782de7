// A task tried with random actions.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "envs/task_family.h"

namespace anole::app {

// What random episodes have shown.
struct Trial {
  std::array<int, 3> ends = {};  // by End
  int episodes() const { return std::reduce(ends.begin(), ends.end()); }
  int successes = 0;
  std::int64_t steps = 0;
  double seconds = 0, sum_of_returns = 0;
  Vector reward_terms;     // sums
  Vector lowest, highest;  // of observations
};

// What random actions do to the robot itself.
struct Strain {
  // Of the control steps: (actuators), how often each is at the end of its forcerange, and
  // (joints), at the end of its range.
  Vector forces, joints;
  // Of the time of physics [0 to 1]: finding contacts, and solving for their forces and others'.
  double collision = 0, constraints = 0;
  double physics = 0;  // of the time of a control step
};

// On one thread, while nothing else simulates: MuJoCo's clock is the program's.
Strain StrainOf(const TaskFamily& family, int episodes, std::uint64_t seed);

// The first updates of an adaptation as a config has it that says nothing but the task.
struct FirstUpdates {
  double step_size = 0;
  std::vector<double> kl;  // [nats], of each
};
FirstUpdates TryUpdates(const std::string& file);

// So many episodes of tasks of training, on one thread. file: the task's. Throws UserError where
// MuJoCo cannot simulate it, which is then the model's fault.
Trial TryRobot(const TaskFamily& family, int episodes, std::uint64_t seed, const std::string& file);

}  // namespace anole::app
