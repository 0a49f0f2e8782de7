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
  if (optimizer.needs_objective() && needs.derivative < Derivative::kAtTheta) {
    throw UserError(
        "this meta.optimizer evaluates the objective whose gradient it follows, and this "
        "meta.gradient is that of none; choose meta.gradient = \"maml\"");
  }
  if (optimizer.needs_objective() && needs.outer_steps > 1) {
    throw UserError(
        "this meta.optimizer takes a single step for a meta-batch, as long as its episodes bear; "
        "choose meta.gradient = \"maml\", or set meta.outer_steps to 1");
  }
  const Derivative derivative =
      optimizer.needs_objective() ? Derivative::kAtAnyTheta : needs.derivative;
  if (derivative == Derivative::kNone && !loop.spec().stays.empty()) {
    throw UserError("this meta.gradient goes where adaptations lead, but " + loop.spec().stays);
  }
  const DerivativeLimit& limit = loop.spec().derivatives;
  if (derivative > limit.most) {
    throw UserError((limit.most < Derivative::kAtTheta
                         ? "this meta.gradient differentiates inner updates: "
                         : "this meta.gradient or meta.optimizer judges outer steps: ") +
                    limit.reason);
  }
  Plan plan = loop.spec().training;
  plan.derivative = derivative;
  plan.objective = needs.objective;
  return plan;
}

}  // namespace anole
