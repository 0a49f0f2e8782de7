// What may be done to any task family: fix its tasks, show the policy what it otherwise has to find
// out, choose the unit of its actions. Experts and oracles are made so.
#pragma once

#include <memory>
#include <vector>

#include "configs/option.h"
#include "envs/task_family.h"

namespace anole {

struct TaskAdjustment {
  std::vector<double> fixed;        // tasks one after another, their parameters side by side
  bool observe_parameters = false;  // append the task's parameters to each observation?
  double action_range = 1;          // S: the policy's actions of +-S are the family's of +-1

  bool operator==(const TaskAdjustment&) const = default;

  static void Describe(VisitOf<TaskAdjustment> visit);
};

// `family` itself, if nothing is adjusted. Throws UserError where the fixed numbers are no tasks.
std::unique_ptr<TaskFamily> Adjust(std::unique_ptr<TaskFamily> family,
                                   const TaskAdjustment& adjustment);

}  // namespace anole
