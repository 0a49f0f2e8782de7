#include "agents/adam.h"

#include <cmath>

namespace anole {

Vector AdamStep(VectorIn direction, double step_size, const AdamOptions& options,
                std::int64_t count, Vector& memory) {
  const Eigen::Index n = direction.size();
  if (memory.size() == 0) memory = Vector::Zero(2 * n);
  auto mean = memory.head(n);
  auto square = memory.tail(n);
  mean = options.beta1 * mean + (1 - options.beta1) * direction;
  square = options.beta2 * square + (1 - options.beta2) * direction.cwiseAbs2();
  const double t = static_cast<double>(count + 1);
  const double mean_bias = 1 - std::pow(options.beta1, t);
  const double square_bias = 1 - std::pow(options.beta2, t);
  return step_size * (mean.array() / mean_bias) /
         ((square.array() / square_bias).sqrt() + options.epsilon);
}

}  // namespace anole
