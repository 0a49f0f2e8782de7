// Central differences: the check of every gradient.
#pragma once

#include <functional>

#include "envs/linear_algebra.h"

namespace anole {

inline Vector FiniteDifferences(const std::function<double(VectorIn)>& value, Vector point,
                                double step = 1e-5) {
  Vector gradient(point.size());
  for (Eigen::Index i = 0; i < point.size(); ++i) {
    const double x = point[i];
    point[i] = x + step;
    const double above = value(point);
    point[i] = x - step;
    gradient[i] = (above - value(point)) / (2 * step);
    point[i] = x;
  }
  return gradient;
}

inline double RelativeError(VectorIn value, VectorIn expected) {
  return (value - expected).norm() / expected.norm();
}

}  // namespace anole
