// What bodies that may fall get for not falling: the options of tasks that end where the root
// leaves a band of heights.
#pragma once

#include <vector>

#include "configs/option.h"

namespace anole {

struct Survival {
  double bonus = 1;                       // of each control step that ends within the band
  std::vector<double> height = {0.2, 1};  // lowest and highest of the root [m]

  static void Describe(VisitOf<Survival> visit);
  void Check() const;  // throws UserError where the band is upside down
};

}  // namespace anole
