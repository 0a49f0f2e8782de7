// Which numbers parameters may be.
#pragma once

#include <limits>

#include "envs/linear_algebra.h"

namespace anole {

// Whether all stay finite in single precision, in which policies compute. True of none at all.
inline bool AllFinite(VectorIn parameters) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  return (parameters.array().abs() <= kLargest).all();  // false of NaN
}

}  // namespace anole
