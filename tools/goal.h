// A task of the user's choice, as text.
#pragma once

#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/task_list.h"

namespace anole {

// "X" or "X,Y": one number for each task parameter. Throws UserError where it is not.
Vector ParseGoal(const std::string& text, const std::vector<NamedUnit>& parameters);

}  // namespace anole
