#include "envs/robot/robot_command.h"

#include "configs/user_error.h"

namespace anole {

void RobotCommand::Describe(OptionVisitor& visit) {
  visit("name", name, {.help = "by which terms refer to it", .min_size = 1});
  visit("unit", unit, {.help = "for tables and plots"});
  visit(
      "range", range,
      {.help = "lowest and highest value", .min = -1e6, .max = 1e6, .min_size = 2, .max_size = 2});
  visit(
      "test_range", test_range,
      {.help = "the same for test tasks; empty: as range", .min = -1e6, .max = 1e6, .max_size = 2});
}

void RobotCommand::Check() const {
  CheckRange("range", range);
  if (test_range.size() == 1) throw OptionError("test_range", "must be two values, or none");
  if (!test_range.empty()) CheckRange("test_range", test_range);
}

void CheckRange(const std::string& option, const std::vector<double>& range) {
  if (range[0] > range[1]) throw OptionError(option, "the lowest value is above the highest");
}

}  // namespace anole
