// A sum whose bits do not depend on where in memory its numbers lie.
#pragma once

#include "envs/linear_algebra.h"

namespace anole {

// values[0] + values[1] + ..., in this order; 0 of none. Eigen's own sum of a column begins with
// single numbers until memory is aligned and goes on with several at once: columns that lie
// differently get other last bits. A number that is found once and compared later, such as the
// reward of a step, must not do so.
inline double SerialSum(VectorIn values) {
  double sum = values.size() > 0 ? values[0] : 0;
  for (Eigen::Index i = 1; i < values.size(); ++i) sum += values[i];
  return sum;
}

}  // namespace anole
