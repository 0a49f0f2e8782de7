// A number that is asked of a robot: a velocity to keep, a coordinate to reach. It is a row of the
// task, or drawn in each episode and, every so often, anew within it.
#pragma once

#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/robot/lifetime.h"
#include "envs/robot/redraws.h"

namespace anole {

struct RobotCommand {
  std::string name, unit;
  Lifetime per = Lifetime::kTask;
  RedrawOptions redraw;     // within an episode, where it is per episode
  double zero_share = 0;    // of the draws that are 0: stand still
  bool zero_apart = false;  // by a draw of its own, not together with others
  bool zero_first = true;   // the first of an episode, too
  double keep_share = 0;    // of the draws within an episode that leave it as it is
  PhasedRange range;        // uniform

  bool per_task() const { return per == Lifetime::kTask; }

  // Throws OptionError. control_dt: [s]
  void Check(double control_dt) const;

  static void Describe(VisitOf<RobotCommand> visit);
};

// The row of a task that holds a command, one of `commands`; -1: none does.
Eigen::Index RowOf(const std::vector<RobotCommand>& commands, Eigen::Index command);

}  // namespace anole
