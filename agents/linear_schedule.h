// A number that changes over a run: the step size of the outer loop, the action noise.
#pragma once

#include <algorithm>
#include <cstdint>

namespace anole {

// Linear from `first` to `last` in `length` iterations, then constant.
struct LinearSchedule {
  double first = 1, last = 1;
  std::int64_t length = 0;  // 0: constant at `first`

  double At(std::int64_t iteration) const {
    if (length == 0) return first;
    const double progress = static_cast<double>(iteration) / static_cast<double>(length);
    return first + (last - first) * std::min(progress, 1.);
  }
};

}  // namespace anole
