// The start that a task file says: the keyframe, what [[start]] sections change of it, the
// keyframes that some episodes begin with instead, and what physics makes of them.
#pragma once

#include <cstdint>

#include "envs/robot/file_sections.h"
#include "envs/robot/task_file.h"

namespace anole {

// Of the task, its model and options are there. Throws UserError with file and line, as the next.
void ReadStart(const FileSections& sections, RobotTask& task);

// What physics makes of it by its controls: after the actions have been read.
void SettleStart(const FileSections& sections, RobotTask& task);

// Throws OptionError of "settle" where so many control steps are too many to settle.
void CheckSettling(std::int64_t steps, const RobotTask& task);

}  // namespace anole
