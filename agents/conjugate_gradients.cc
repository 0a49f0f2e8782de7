#include "agents/conjugate_gradients.h"

namespace anole {

Vector ConjugateGradients(const std::function<Vector(VectorIn)>& product, VectorIn b,
                          std::int64_t iterations) {
  constexpr double kTolerance = 1e-20;  // of squared residuals, against that of x = 0
  Vector x = Vector::Zero(b.size());
  Vector residual = b;
  Vector direction = b;
  const double squared_norm = residual.squaredNorm();
  double squared_residual = squared_norm;
  for (std::int64_t i = 0; i < iterations && squared_residual > kTolerance * squared_norm; ++i) {
    const Vector image = product(direction);
    const double curvature = direction.dot(image);
    if (!(curvature > 0)) break;
    const double step = squared_residual / curvature;
    x += step * direction;
    residual -= step * image;
    const double next = residual.squaredNorm();
    direction = residual + next / squared_residual * direction;
    squared_residual = next;
  }
  return x;
}

}  // namespace anole
