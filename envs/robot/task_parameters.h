// The rows of a robot's task: what a task file draws per task, in the order of its kinds.
#pragma once

#include <vector>

#include "envs/robot/task_file.h"

namespace anole {

struct TaskParameter {
  NamedUnit name;
  TaskRanges ranges;
};

// Commands, then where [[place]] puts things, what [[randomize]] varies, the latency, and the clips
// of [[motion]]s.
std::vector<TaskParameter> ParametersOf(const RobotTask& task);

// How many of the last ones are clips.
Eigen::Index MotionsOfTasks(const RobotTask& task);

// Throws OptionError of "model" where two have one name.
void CheckParameterNames(const RobotTask& task);

// Those of the task at `place` of the list. The first command is stratified; all else is
// independent.
Vector DrawParameters(const RobotTask& task, Rng& rng, const TaskPlace& place);

}  // namespace anole
