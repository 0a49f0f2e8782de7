#include "meta/meta_gradient.h"

#include "configs/user_error.h"

namespace anole {

Plan TrainingPlan(const InnerLoop& loop, const MetaGradient& gradient) {
  const Needs needs = gradient.needs();
  if (needs.second_order && !loop.spec().first_order_only.empty()) {
    throw UserError("this meta.gradient differentiates inner updates: " +
                    loop.spec().first_order_only);
  }
  Plan plan = loop.spec().training;
  plan.gradient = needs.gradient;
  plan.second_order = needs.second_order;
  return plan;
}

}  // namespace anole
