// What a robot's task file describes, and what random actions have shown of it, in words.
#pragma once

#include "envs/robot/task_file.h"
#include "envs/task_family.h"
#include "tools/app/robot_trial.h"

namespace anole::app {

// A section for each kind of rule, as `anole check` prints it. family: that of the task.
void PrintRobot(const RobotTask& task, const TaskFamily& family, const Trial& trial,
                const Strain& strain, const FirstUpdates& updates);

}  // namespace anole::app
