// A number that is asked of a robot: a velocity to keep, a coordinate to reach. It is a row of the
// task, or drawn in each episode and, every so often, anew within it.
#pragma once

#include <string>
#include <vector>

#include "configs/words.h"
#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/robot/lifetime.h"

namespace anole {

// Of what distribution the times are after which a command is drawn anew.
enum class CommandTimes { kUniform, kExponential };

constexpr auto WordsOf(CommandTimes) {
  return Words<CommandTimes>(
      {{CommandTimes::kUniform, "uniform"}, {CommandTimes::kExponential, "exponential"}});
}

struct RobotCommand {
  std::string name, unit;
  Lifetime per = Lifetime::kTask;
  double every = 0;       // [s] after which it is drawn anew, where it is per episode; 0: never
  double every_most = 0;  // [s]: where it is more, that time is drawn from these two
  CommandTimes times = CommandTimes::kUniform;  // or exponential, with every as their mean
  double zero_share = 0;                        // of the draws that are 0: stand still
  bool zero_apart = false;                      // by a draw of its own, not together with others
  bool zero_first = true;                       // the first of an episode, too
  double keep_share = 0;  // of the draws within an episode that leave it as it is
  PhasedRange range;      // uniform

  bool per_task() const { return per == Lifetime::kTask; }
  bool draws_times() const {
    return every > 0 && (every_most > every || times == CommandTimes::kExponential);
  }
  // Whether both are drawn anew at the same moments.
  bool IsDrawnWith(const RobotCommand& other) const {
    return per == other.per && every == other.every && every_most == other.every_most &&
           times == other.times;
  }

  // Throws OptionError. control_dt: [s]
  void Check(double control_dt) const;

  static void Describe(VisitOf<RobotCommand> visit);
};

// The row of a task that holds a command, one of `commands`; -1: none does.
Eigen::Index RowOf(const std::vector<RobotCommand>& commands, Eigen::Index command);

// How often a number is drawn anew, from a time that is a whole number of control steps, or 0 for
// never. Throws OptionError of `option`.
std::int64_t StepsOf(const std::string& option, double time, double control_dt);

}  // namespace anole
