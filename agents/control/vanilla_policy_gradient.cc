// Vanilla policy gradient: one gradient step a batch, of a size that the user chooses.
#include "agents/control/gradient_step.h"
#include "agents/control/inner_learner.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/ratio_surrogate.h"

namespace anole {
namespace {

class VanillaPolicyGradient : public InnerLearner {
 public:
  struct Options {
    // Without a bound, policies of point-navigation whose updates have grown too long end up beyond
    // the limits of their actions, where no update changes anything. Steps of other families are
    // shorter than this while they learn.
    GradientStepOptions step = {.max_step_norm = 0.5};

    static void Describe(VisitOf<Options> visit) { visit(&Options::step); }
  };

  explicit VanillaPolicyGradient(const Options& options) : options_(options.step) {}

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& memory,
                     VectorOut params) const override {
    UpdateStats stats = Begin(
        context.ratios ? RatioGradient(policy, samples) : PolicyGradient(policy, samples), samples);
    if (stats.refused) return stats;
    const Vector step =
        GradientStep(stats.gradient, options_, context, context.address.inner_step, memory);
    params += step;
    stats.step_norm = step.norm();
    return stats;
  }

  const GradientStepOptions* plain_step() const override {
    return options_.optimizer == InnerOptimizer::kSgd ? &options_ : nullptr;
  }

  std::string first_order_only() const override { return FirstOrderOnly(options_); }

  // J = I + D H: D of the step in the gradient, H of the gradient in the parameters.
  Vector BackPropagate(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                       const UpdateContext& context, const UpdateStats& stats,
                       VectorIn v) const override {
    return v + HessianProduct(policy, samples, context,
                              GradientStepBackward(stats.gradient, options_, context, v));
  }

  Vector Propagate(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                   const UpdateContext& context, const UpdateStats& stats,
                   VectorIn u) const override {
    return u + GradientStepForward(stats.gradient, options_, context,
                                   HessianProduct(policy, samples, context, u));
  }

 private:
  static Vector HessianProduct(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                               const UpdateContext& context, VectorIn v) {
    return context.ratios ? RatioHessianProduct(policy, samples, v)
                          : PolicyHessianProduct(policy, samples, v);
  }

  GradientStepOptions options_;
};

const RegisterLearner<VanillaPolicyGradient> registration("vpg", "vanilla policy gradient");

}  // namespace
}  // namespace anole
