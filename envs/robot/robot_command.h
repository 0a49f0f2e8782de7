// A number that a task asks of a robot: a velocity to keep, a coordinate to reach.
#pragma once

#include <string>
#include <vector>

#include "configs/option.h"

namespace anole {

struct RobotCommand {
  std::string name, unit;
  std::vector<double> range;       // of training and validation tasks, uniform
  std::vector<double> test_range;  // of test tasks; empty: the same

  void Describe(OptionVisitor& visit);
  void Check() const;  // throws OptionError
};

// Both throw OptionError where the lowest value is above the highest.
void CheckRange(const std::string& option, const std::vector<double>& range);

}  // namespace anole
