// How pictures show the task of a robot's task file: `[robot] display = "NAME"`. Each is registered
// in displays.cc, or in a file of its own.
#pragma once

#include "configs/registry.h"
#include "envs/displays/task_display.h"

namespace anole {

struct RobotTask;

// Made of a whole task, but for its display. The constructor throws OptionError, of "display",
// where the task has nothing to show so.
using RobotDisplays = Registry<TaskDisplay, const RobotTask&>;
template <class Display>
using RegisterRobotDisplay = Registration<TaskDisplay, Display, const RobotTask&>;

}  // namespace anole
