#include "agents/control/gradient_step.h"

#include <cmath>

#include "agents/adam.h"

namespace anole {
namespace {

// The factor that brings `norm` down to `max`, where max is not 0.
double Clip(double norm, double max) { return max > 0 && norm > max ? max / norm : 1; }

// The derivative, which is symmetric, of Clip(||x||, max) x, times v.
Vector ClipBackward(VectorIn x, double max, VectorIn v) {
  const double norm = x.norm(), clip = Clip(norm, max);
  if (clip == 1) return v;
  return clip * (v - x * (x.dot(v) / (norm * norm)));
}

// A plain step but for its clip: scale .* clipped gradient.
struct UnclippedStep {
  Vector scale, step;

  UnclippedStep(VectorIn gradient, const GradientStepOptions& options, const UpdateContext& context)
      : scale(StepSize(options, context.address.inner_step, context.noise_ratio) *
              context.step_scale),
        step(Clip(gradient.norm(), options.max_gradient_norm) * gradient.cwiseProduct(scale)) {}
};

}  // namespace

double StepSize(const GradientStepOptions& options, std::int64_t inner_step, double noise_ratio) {
  return options.step_size * std::pow(options.step_decay, static_cast<double>(inner_step)) *
         std::pow(noise_ratio, options.step_noise_exponent);
}

void GradientStepOptions::Describe(VisitOf<GradientStepOptions> visit) {
  visit("inner.optimizer", &GradientStepOptions::optimizer,
        {.help = "what turns a gradient into a step; Adam's memory starts empty on every task"});
  visit("inner.step_size", &GradientStepOptions::step_size,
        {.help = "of a gradient step", .min = 0, .max = 1e6, .is_inner_step = true});
  visit("inner.step_decay", &GradientStepOptions::step_decay,
        {.help = "each update's step is this times the one before", .min = 0, .max = 1});
  visit("inner.step_noise_exponent", &GradientStepOptions::step_noise_exponent,
        {.help = "the step shrinks with (sigma / sigma_0) to this power as the schedule of "
                 "policy.log_std lowers the action noise sigma",
         .min = 0,
         .max = 10});
  visit("inner.max_gradient_norm", &GradientStepOptions::max_gradient_norm,
        {.help = "clips the gradient to this norm; 0: no clip", .min = 0, .max = 1e9});
  visit("inner.max_step_norm", &GradientStepOptions::max_step_norm,
        {.help = "clips the step to this norm; 0: no clip", .min = 0, .max = 1e9});
}

Vector GradientStep(VectorIn gradient, const GradientStepOptions& options,
                    const UpdateContext& context, std::int64_t count, Vector& memory) {
  const double step_size = StepSize(options, context.address.inner_step, context.noise_ratio);
  const double clip = Clip(gradient.norm(), options.max_gradient_norm);
  Vector step;
  switch (options.optimizer) {
    case InnerOptimizer::kSgd:
      step = step_size * clip * gradient.cwiseProduct(context.step_scale);
      break;
    case InnerOptimizer::kAdam:
      step = AdamStep(clip * gradient, step_size, AdamOptions(), count, memory)
                 .cwiseProduct(context.step_scale);
      break;
  }
  step *= Clip(step.norm(), options.max_step_norm);
  return step;
}

std::string FirstOrderOnly(const GradientStepOptions& options) {
  switch (options.optimizer) {
    case InnerOptimizer::kSgd:
      return "";
    case InnerOptimizer::kAdam:
      break;
  }
  return R"(inner.optimizer = "adam" is not differentiated; set it to "sgd")";
}

// D is the product of three symmetric factors: of the clip of the step, the scale, and of the clip
// of the gradient.
Vector GradientStepBackward(VectorIn gradient, const GradientStepOptions& options,
                            const UpdateContext& context, VectorIn v) {
  const UnclippedStep plain(gradient, options, context);
  const Vector scaled =
      plain.scale.cwiseProduct(ClipBackward(plain.step, options.max_step_norm, v));
  return ClipBackward(gradient, options.max_gradient_norm, scaled);
}

Vector GradientStepForward(VectorIn gradient, const GradientStepOptions& options,
                           const UpdateContext& context, VectorIn u) {
  const UnclippedStep plain(gradient, options, context);
  const Vector scaled =
      plain.scale.cwiseProduct(ClipBackward(gradient, options.max_gradient_norm, u));
  return ClipBackward(plain.step, options.max_step_norm, scaled);
}

}  // namespace anole
