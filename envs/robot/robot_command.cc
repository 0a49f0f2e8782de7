#include "envs/robot/robot_command.h"

#include <algorithm>
#include <cmath>

#include "configs/user_error.h"
#include "envs/robot/plain_name.h"

namespace anole {

void RobotCommand::Describe(VisitOf<RobotCommand> visit) {
  visit("name", &RobotCommand::name, {.help = "by which terms refer to it", .min_size = 1});
  visit("unit", &RobotCommand::unit, {.help = "for tables and plots"});
  visit("per", &RobotCommand::per,
        {.help = "task: a row of it, to be adapted to; episode: drawn in each, for policies that "
                 "observe it"});
  if (!visit->per_task() || visit.everything()) {
    visit("every", &RobotCommand::every,
          {.help = "drawn anew after this time within an episode; 0: never",
           .unit = "s",
           .min = 0,
           .max = 1e6});
    visit(
        "every_most", &RobotCommand::every_most,
        {.help = "where it is more than every, the times are drawn between them, and are the same "
                 "of all commands that have the same two; 0: all are every",
         .unit = "s",
         .min = 0,
         .max = 1e6});
    visit("times", &RobotCommand::times,
          {.help = "uniform: every, or between it and every_most; exponential: of any length, with "
                   "every as their mean"});
    visit("zero_share", &RobotCommand::zero_share,
          {.help = "of the draws that are 0, together with other commands' that are drawn at the "
                   "same moment",
           .min = 0,
           .max = 1});
    visit("zero_apart", &RobotCommand::zero_apart,
          {.help = "whether it is 0 by a draw of its own instead"});
    visit("zero_first", &RobotCommand::zero_first,
          {.help = "whether the first one of an episode may be 0, too"});
    visit("keep_share", &RobotCommand::keep_share,
          {.help = "of the draws within an episode that leave it as it is, each command by itself",
           .min = 0,
           .max = 1});
  }
  PhasedRange::Describe(visit.In(&RobotCommand::range), "", "value",
                        {.help = "", .min = -1e6, .max = 1e6},
                        visit->per_task() || visit.everything());
}

void RobotCommand::Check(double control_dt) const {
  range.Check();
  CheckPlainName("name", name);
  CheckPlainName("unit", unit);
  StepsOf("every", every, control_dt);
  StepsOf("every_most", every_most, control_dt);
  if (every == 0 && times == CommandTimes::kExponential) {
    throw OptionError("times", "without every, the mean time");
  }
  if (every == 0 && keep_share > 0) throw OptionError("keep_share", "without every, the time");
  if (every_most == 0) return;
  if (times == CommandTimes::kExponential) {
    throw OptionError("every_most", "is of uniform times; exponential ones have no longest");
  }
  if (every == 0) throw OptionError("every_most", "without every, the shortest time");
  if (every_most < every) throw OptionError("every_most", "is less than every");
}

Eigen::Index RowOf(const std::vector<RobotCommand>& commands, Eigen::Index command) {
  const auto here = commands.begin() + command;
  if (!here->per_task()) return -1;
  return std::count_if(commands.begin(), here,
                       [](const RobotCommand& one) { return one.per_task(); });
}

std::int64_t StepsOf(const std::string& option, double time, double control_dt) {
  const double steps = time / control_dt, whole = std::round(steps);
  if (std::abs(steps - whole) < 1e-6 && (time == 0 || whole >= 1)) {
    return static_cast<std::int64_t>(whole);
  }
  throw OptionError(option, "must be a multiple of the control step, or 0");
}

}  // namespace anole
