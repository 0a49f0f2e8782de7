#include "envs/robot/when.h"

#include <cmath>

#include "envs/phased_range.h"
#include "envs/robot/names.h"

namespace anole {

void When::Describe(VisitOf<When> visit) {
  visit("when", &When::when,
        {.help = "commands, \"speed_x, speed_y\": it counts only while their length together (of "
                 "one: its size) is in when_range; empty: always"});
  if (const auto where = visit.Where(!visit->when.empty(), "when is set")) {
    where("when_range", &When::when_range,
          {.help = "lowest and highest", .min = 0, .max = 1e6, .min_size = 2, .max_size = 2});
  }
}

void When::Bind(const Robot& robot) {
  if (when.empty()) return;
  CheckRange("when_range", when_range);
  for (const std::string& name : SplitList(when)) {
    rows_.push_back(robot.FindCommand("when", name));
  }
}

bool When::Holds(VectorIn commands) const {
  if (rows_.empty()) return true;
  double sum = 0;
  for (const Eigen::Index row : rows_) sum += commands[row] * commands[row];
  const double length = std::sqrt(sum);
  return when_range[0] <= length && length <= when_range[1];
}

}  // namespace anole
