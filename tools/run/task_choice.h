// Which task `anole adapt`, `anole render` and `anole evaluate` are asked for.
#pragma once

#include <cstdint>
#include <string>

#include "configs/command_line.h"
#include "tools/run/experiment.h"

namespace anole {

inline const Flag kGoalFlag = {"goal", "X[,Y]",
                               "the task: its parameters, as `anole list` names them"};
inline const Flag kTaskFlag = {"task", "k", "or the k-th task of `anole evaluate`, from 0 on"};

struct TaskChoice {
  Vector task;
  std::int64_t number = 0;  // whose episodes: those that `anole evaluate` has for this number
};

// --goal, or the test task that --task says, or the first one. Throws UserError where there is no
// such task.
TaskChoice ChooseTask(const CommandLine& line, Experiment& experiment, const InnerLoop& loop);

// The task of --goal=TEXT. Throws UserError where a family has a few tasks and this is none of
// them; a warning tells of one that is outside of what is trained on and tested.
Vector GoalOf(const std::string& text, Experiment& experiment, const InnerLoop& loop);

// As --goal takes it: "0.1,-0.2".
std::string TypedGoal(VectorIn task);

}  // namespace anole
