// Natural policy gradient (Kakade 2001; Peters and Schaal 2008): one step a batch along the natural
// gradient, of a KL that the user chooses.
//
// Learned step sizes multiply the step, layer by layer; with multipliers of 1 its KL is inner.kl.
// There is no noise exponent: a KL is measured against the action noise, so steps shrink with it.
#include "agents/control/inner_learner.h"
#include "agents/control/natural_gradient.h"
#include "agents/control/policy_gradient.h"

namespace anole {
namespace {

class NaturalPolicyGradient : public InnerLearner {
 public:
  using Options = NaturalGradientOptions;

  explicit NaturalPolicyGradient(const Options& options) : options_(options) {}

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& /*memory*/,
                     VectorOut params) const override {
    UpdateStats stats = Begin(PolicyGradient(policy, samples), samples);
    if (stats.refused) return stats;
    const Vector step =
        NaturalStep(policy, samples, stats.gradient, options_).cwiseProduct(context.step_scale);
    stats.refused = !step.allFinite();
    if (stats.refused) return stats;
    params += step;
    stats.direction = step;
    stats.step_norm = step.norm();
    return stats;
  }

 private:
  Options options_;
};

const RegisterLearner<NaturalPolicyGradient> registration("npg", "natural policy gradient");

}  // namespace
}  // namespace anole
