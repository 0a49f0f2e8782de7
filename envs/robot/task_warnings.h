// What is possible in a robot's task file, but probably not meant.
#pragma once

#include <string>
#include <vector>

#include "envs/robot/task_file.h"

namespace anole {

// Whether no term of the reward can be above 0 while there is a [[termination]]: then ending early
// pays.
bool EndingEarlyPays(const RobotTask& task);

// A line for each: of EndingEarlyPays, and of actions whose controls the model's ctrlrange mostly
// clips, or of which it allows far more; of motions that begin joints outside of their limits.
std::vector<std::string> WarningsOf(const RobotTask& task);

}  // namespace anole
