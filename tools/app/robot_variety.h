// What tasks and episodes of a robot differ in, in words.
#pragma once

#include "envs/robot/task_file.h"

namespace anole::app {

// Motions, commands, places, randomised numbers, latency, drops, pushes: a line for each that there
// is.
void PrintVariety(const RobotTask& task);

}  // namespace anole::app
