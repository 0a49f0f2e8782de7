// How long the steps of a family take, for logs: a decorator, so that no family and no rollout
// knows of it.
#pragma once

#include <atomic>
#include <memory>

#include "envs/task_family.h"

namespace anole {

// The time of all threads together. Thread-safe.
class StepClock {
 public:
  double seconds() const { return seconds_; }  // estimated from some of the steps
  void Add(double seconds) { seconds_ += seconds; }

 private:
  std::atomic<double> seconds_ = 0;
};

// The same family; its steps advance `clock`, which outlives it.
std::unique_ptr<TaskFamily> TimeSteps(std::unique_ptr<TaskFamily> family, StepClock& clock);

}  // namespace anole
