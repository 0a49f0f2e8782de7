// Conjugate gradients (Hestenes and Stiefel 1952): solves A x = b for a symmetric positive definite
// A of which only products are known.
#pragma once

#include <cstdint>
#include <functional>

#include "envs/linear_algebra.h"

namespace anole {

// (n): x after at most `iterations` products from x = 0 on; less where the residual is down to
// rounding errors, or A turns out not to be positive definite. product(v) = A v. b: (n)
Vector ConjugateGradients(const std::function<Vector(VectorIn)>& product, VectorIn b,
                          std::int64_t iterations);

}  // namespace anole
