#include "agents/step_of_kl.h"

#include <cmath>

#include "agents/conjugate_gradients.h"

namespace anole {

Vector StepOfKl(const std::function<Vector(VectorIn)>& product, VectorIn gradient, double kl,
                double damping, std::int64_t iterations) {
  const Vector x = ConjugateGradients(
      [&](VectorIn v) -> Vector { return product(v) + damping * v; }, gradient, iterations);
  const double curvature = x.dot(product(x));
  if (!(curvature > 0)) return Vector::Zero(x.size());
  return std::sqrt(2 * kl / curvature) * x;
}

}  // namespace anole
