#include "envs/robot/robot_command.h"

namespace anole {

void RobotCommand::Describe(OptionVisitor& visit) {
  visit("name", name, {.help = "by which terms refer to it", .min_size = 1});
  visit("unit", unit, {.help = "for tables and plots"});
  range.Describe(visit, "", "value", {.help = "", .min = -1e6, .max = 1e6});
}

}  // namespace anole
