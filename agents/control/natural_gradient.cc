#include "agents/control/natural_gradient.h"

#include "agents/control/task_mean.h"
#include "agents/step_of_kl.h"

namespace anole {

void NaturalGradientOptions::Describe(VisitOf<NaturalGradientOptions> visit) {
  visit("inner.kl", &NaturalGradientOptions::kl,
        {.help = "size of a step: mean KL divergence of the policies before and after it",
         .unit = "nats",
         .max = 100,
         .positive = true,
         .is_inner_step = true});
  visit("inner.damping", &NaturalGradientOptions::damping,
        {.help = "added to the diagonal of the Fisher information: parameters that the batch tells "
                 "nothing about move little",
         .min = 0,
         .max = 1e6});
  visit("inner.cg_iterations", &NaturalGradientOptions::iterations,
        {.help = "conjugate gradients: products with the Fisher information for a step",
         .min = 1,
         .max = 1000});
}

Vector NaturalStep(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                   VectorIn gradient, const NaturalGradientOptions& options) {
  const auto fisher = [&](VectorIn v) {
    return TaskMean(samples, policy.size(),
                    [&](const Samples& task) { return policy.FisherProduct(task.steps(), v); });
  };
  return StepOfKl(fisher, gradient, options.kl, options.damping, options.iterations);
}

}  // namespace anole
