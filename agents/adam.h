// Adam (Kingma and Ba 2015, algorithm 1), ascending: steps of a size that does not depend on that
// of the direction.
#pragma once

#include <cstdint>

#include "envs/linear_algebra.h"

namespace anole {

struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999;  // memory of the direction's mean and mean square
  double epsilon = 1e-8;              // parameters whose direction is smaller than this move less
};

// The step number `count`, from 0, along `direction` (parameters). memory: the two means
// (2 x parameters), empty before the first step.
Vector AdamStep(VectorIn direction, double step_size, const AdamOptions& options,
                std::int64_t count, Vector& memory);

}  // namespace anole
