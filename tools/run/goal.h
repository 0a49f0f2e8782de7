// A task of the user's choice, as text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/task_list.h"

namespace anole {

// "X" or "X,Y": one number for each task parameter. Throws UserError where it is not.
Vector ParseGoal(const std::string& text, const std::vector<NamedUnit>& parameters);

// As --goal takes it: "0.1,-0.2".
std::string TypedGoal(VectorIn task);

// So many parameters of a task are told to people; of tasks that have more, the first ones. All are
// in JSON and CSV.
inline constexpr std::size_t kParametersTold = 4;

// "target_x 0.1 m, target_y -0.2 m"; "mass:torso 1.2, ... and 58 more"
std::string GoalText(VectorIn task, const std::vector<NamedUnit>& parameters);

}  // namespace anole
