// What the program tells people while it works, as lines on stderr. Results go to stdout, and a
// user's mistake is one line on stderr, whatever the level.
#pragma once

#include "configs/command_line.h"

namespace anole::app {

inline const Flag kQuietFlag = {
    "quiet", "", "tell nothing but warnings and errors; short for --log-level warning"};
inline const Flag kLogLevelFlag = {"log-level", "LEVEL", "info (the default), warning or error"};

// Puts what is told on stderr, everything from info on. First thing in main.
void StartTerminalLog();

// What these two flags ask for. Throws UserError where a level has another name.
void SetUpLog(const CommandLine& line);

// Whether progress is shown.
bool IsTalkative();

}  // namespace anole::app
