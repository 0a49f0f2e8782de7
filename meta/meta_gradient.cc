#include "meta/meta_gradient.h"

#include "configs/user_error.h"

namespace anole {

Vector MeanGradient(std::span<const Adaptation> batch) {
  Vector sum = Vector::Zero(batch.front().gradient.size());
  for (const Adaptation& adaptation : batch) sum += adaptation.gradient;
  return sum / static_cast<double>(batch.size());
}

Plan TrainingPlan(const InnerLoop& loop, const MetaGradient& gradient,
                  const OuterOptimizer& optimizer) {
  const Needs needs = gradient.needs();
  if (optimizer.needs_objective() && !needs.second_order) {
    throw UserError(
        "this meta.optimizer evaluates the objective whose gradient it follows, and this "
        "meta.gradient is that of none; choose meta.gradient = \"maml\"");
  }
  if (optimizer.needs_objective() && needs.outer_steps > 1) {
    throw UserError(
        "this meta.optimizer takes a single step for a meta-batch, as long as its episodes bear; "
        "choose meta.gradient = \"maml\", or set meta.outer_steps to 1");
  }
  if (needs.second_order && !loop.spec().first_order_only.empty()) {
    throw UserError("this meta.gradient differentiates inner updates: " +
                    loop.spec().first_order_only);
  }
  const bool frozen = needs.frozen || optimizer.needs_objective();
  if (frozen && !loop.spec().never_frozen.empty()) {
    throw UserError("this meta.gradient or meta.optimizer judges outer steps: " +
                    loop.spec().never_frozen);
  }
  Plan plan = loop.spec().training;
  plan.gradient = needs.gradient;
  plan.second_order = needs.second_order;
  plan.objective = needs.objective;
  plan.frozen = frozen;
  return plan;
}

}  // namespace anole
