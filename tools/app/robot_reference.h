// All that a robot's task file may say, for people.
#pragma once

namespace anole::app {

void PrintRobotReference();

}  // namespace anole::app
