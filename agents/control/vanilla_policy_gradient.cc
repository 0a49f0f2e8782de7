// Vanilla policy gradient: one gradient step a batch, of a size that the user chooses.
//
// The step is plain by default. What Reptile amplifies is how the gradients of successive updates
// agree, and their size tells how much; an adaptive optimiser inside hides both, which
// inner.optimizer = "adam" is there to show.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "agents/adam.h"
#include "agents/control/inner_learner.h"
#include "agents/control/policy_gradient.h"

namespace anole {
namespace {

class VanillaPolicyGradient : public InnerLearner {
 public:
  struct Options {
    std::string optimizer = "sgd";
    double step_size = 0.3;
    double step_decay = 1;
    double step_noise_exponent = 0;
    double max_gradient_norm = 0;
    double max_step_norm = 0;

    void Describe(OptionVisitor& visit) {
      visit("inner.optimizer", optimizer,
            {.help = "what turns a gradient into a step; Adam's memory starts empty on every task",
             .choices = {"sgd", "adam"}});
      visit("inner.step_size", step_size, {.help = "of a gradient update", .min = 0, .max = 1e6});
      visit("inner.step_decay", step_decay,
            {.help = "each update's step is this times the one before", .min = 0, .max = 1});
      visit("inner.step_noise_exponent", step_noise_exponent,
            {.help = "the step shrinks with (sigma / sigma_0) to this power as the schedule of "
                     "policy.log_std lowers the action noise sigma",
             .min = 0,
             .max = 10});
      visit("inner.max_gradient_norm", max_gradient_norm,
            {.help = "clips the gradient to this norm; 0: no clip", .min = 0, .max = 1e9});
      visit("inner.max_step_norm", max_step_norm,
            {.help = "clips the step to this norm; 0: no clip", .min = 0, .max = 1e9});
    }
  };

  explicit VanillaPolicyGradient(Options options) : options_(std::move(options)) {}

  UpdateStats Update(const GaussianPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& memory,
                     VectorOut params) const override {
    UpdateStats stats;
    stats.gradient = PolicyGradient(policy, samples);
    const bool has_samples = std::ranges::any_of(
        samples, [](const Samples& task) { return task.advantages.size() > 0; });
    stats.refused = !has_samples || !stats.gradient.allFinite();
    if (stats.refused) return stats;
    const double step_size = options_.step_size *
                             std::pow(options_.step_decay, static_cast<double>(context.update)) *
                             std::pow(context.noise_ratio, options_.step_noise_exponent);
    const double clip = Clip(stats.gradient.norm(), options_.max_gradient_norm);
    Vector step;
    if (options_.optimizer == "adam") {
      step = AdamStep(clip * stats.gradient, step_size, AdamOptions(), context.update, memory)
                 .cwiseProduct(context.step_scale);
    } else {
      step = step_size * clip * stats.gradient.cwiseProduct(context.step_scale);
    }
    step *= Clip(step.norm(), options_.max_step_norm);
    params += step;
    stats.step_norm = step.norm();
    return stats;
  }

 private:
  // The factor that brings `norm` down to `max`, where max is not 0.
  static double Clip(double norm, double max) { return max > 0 && norm > max ? max / norm : 1; }

  Options options_;
};

const RegisterLearner<VanillaPolicyGradient> registration("vpg", "vanilla policy gradient");

}  // namespace
}  // namespace anole
