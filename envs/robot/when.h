// When a reward or a condition counts: always, or under a condition of commands, as standing still
// is asked for where they are small.
#pragma once

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/robot/robot.h"

namespace anole {

struct When {
  std::string when;                // commands; empty: always
  std::vector<double> when_range;  // of the length of the vector that they are together

  static void Describe(VisitOf<When> visit);
  void Bind(const Robot& robot);  // throws OptionError
  bool Holds(VectorIn commands) const;

 private:
  std::vector<Eigen::Index> rows_;
};

}  // namespace anole
