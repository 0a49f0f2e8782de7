// The step along a natural gradient (Kakade 2001) that has a given KL divergence.
#pragma once

#include <cstdint>
#include <functional>

#include "envs/linear_algebra.h"

namespace anole {

// (n): the step s along x = (H + damping I)^-1 gradient with s^T H s / 2 = kl [nats] (Schulman et
// al. 2015, appendix C); x by conjugate gradients of at most `iterations` products. 0 where x has
// no KL. product(v) = H v, H the Hessian of the KL. gradient: (n)
Vector StepOfKl(const std::function<Vector(VectorIn)>& product, VectorIn gradient, double kl,
                double damping, std::int64_t iterations);

}  // namespace anole
