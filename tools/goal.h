// A task of the user's choice, as text.
#pragma once

#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/task_list.h"

namespace anole {

// "X" or "X,Y": one number for each task parameter. Throws UserError where it is not.
Vector ParseGoal(const std::string& text, const std::vector<NamedUnit>& parameters);

// "target_x 0.1 m, target_y -0.2 m"
std::string GoalText(VectorIn task, const std::vector<NamedUnit>& parameters);

}  // namespace anole
