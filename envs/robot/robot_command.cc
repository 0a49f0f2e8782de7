#include "envs/robot/robot_command.h"

namespace anole {

void RobotCommand::Describe(VisitOf<RobotCommand> visit) {
  visit("name", &RobotCommand::name, {.help = "by which terms refer to it", .min_size = 1});
  visit("unit", &RobotCommand::unit, {.help = "for tables and plots"});
  PhasedRange::Describe(visit.In(&RobotCommand::range), "", "value",
                        {.help = "", .min = -1e6, .max = 1e6});
}

}  // namespace anole
