#include "envs/robot/robot_command.h"

#include <algorithm>

#include "configs/user_error.h"
#include "envs/robot/plain_name.h"

namespace anole {

void RobotCommand::Describe(VisitOf<RobotCommand> visit) {
  visit("name", &RobotCommand::name, {.help = "by which terms refer to it", .min_size = 1});
  visit("unit", &RobotCommand::unit, {.help = "for tables and plots"});
  visit("per", &RobotCommand::per,
        {.help = "task: a row of it, to be adapted to; episode: drawn in each, for policies that "
                 "observe it"});
  if (const auto where = visit.Where(!visit->per_task(), PerOf(Growth::kIterations))) {
    RedrawOptions::Describe(where.In(&RobotCommand::redraw));
    where("zero_share", &RobotCommand::zero_share,
          {.help = "of the draws that are 0, together with other commands' that are drawn at the "
                   "same moment",
           .min = 0,
           .max = 1});
    where("zero_apart", &RobotCommand::zero_apart,
          {.help = "whether it is 0 by a draw of its own instead"});
    where("zero_first", &RobotCommand::zero_first,
          {.help = "whether the first one of an episode may be 0, too"});
    where("keep_share", &RobotCommand::keep_share,
          {.help = "of the draws within an episode that leave it as it is, each command by itself",
           .min = 0,
           .max = 1});
  }
  PhasedRange::Describe(
      visit.In(&RobotCommand::range),
      {.section = "", .what = "value", .limits = {.help = "", .min = -1e6, .max = 1e6}},
      GrowthOf(visit->per), /*either=*/true);
}

void RobotCommand::Check(double control_dt) const {
  range.Check("", "range", GrowthOf(per));
  CheckPlainName("name", name);
  CheckPlainName("unit", unit);
  redraw.Check(control_dt);
  if (redraw.every == 0 && keep_share > 0)
    throw OptionError("keep_share", "without every, the time");
}

Eigen::Index RowOf(const std::vector<RobotCommand>& commands, Eigen::Index command) {
  const auto here = commands.begin() + command;
  if (!here->per_task()) return -1;
  return std::count_if(commands.begin(), here,
                       [](const RobotCommand& one) { return one.per_task(); });
}

}  // namespace anole
