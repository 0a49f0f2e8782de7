#include "agents/control/natural_gradient.h"

#include <cmath>

#include "agents/conjugate_gradients.h"
#include "agents/control/task_mean.h"

namespace anole {

void NaturalGradientOptions::Describe(OptionVisitor& visit) {
  visit("inner.kl", kl,
        {.help = "size of a step: mean KL divergence of the policies before and after it",
         .unit = "nats",
         .max = 100,
         .positive = true});
  visit("inner.damping", damping,
        {.help = "added to the diagonal of the Fisher information: parameters that the batch tells "
                 "nothing about move little",
         .min = 0,
         .max = 1e6});
  visit("inner.cg_iterations", iterations,
        {.help = "conjugate gradients: products with the Fisher information for a step",
         .min = 1,
         .max = 1000});
}

Vector NaturalStep(const GaussianPolicy<float>& policy, std::span<const Samples> samples,
                   VectorIn gradient, const NaturalGradientOptions& options) {
  const auto fisher = [&](VectorIn v) {
    return TaskMean(samples, policy.size(), [&](const Samples& task) {
      return policy.FisherProduct(task.observations, v);
    });
  };
  const Vector x =
      ConjugateGradients([&](VectorIn v) -> Vector { return fisher(v) + options.damping * v; },
                         gradient, options.iterations);
  const double curvature = x.dot(fisher(x));
  if (!(curvature > 0)) return Vector::Zero(policy.size());
  return std::sqrt(2 * options.kl / curvature) * x;
}

}  // namespace anole
