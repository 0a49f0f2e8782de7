// A number that a task asks of a robot: a velocity to keep, a coordinate to reach.
#pragma once

#include <string>

#include "envs/phased_range.h"

namespace anole {

struct RobotCommand {
  std::string name, unit;
  PhasedRange range;  // uniform

  static void Describe(VisitOf<RobotCommand> visit);
};

}  // namespace anole
