// How far learners that follow a gradient go along it.
//
// The step is plain by default. What Reptile amplifies is how the gradients of successive updates
// agree, and their size tells how much; an adaptive optimiser inside hides both, which
// inner.optimizer = "adam" is there to show.
#pragma once

#include <cstdint>
#include <string>

#include "agents/control/inner_learner.h"
#include "agents/inner_optimizer.h"
#include "configs/option.h"
#include "envs/linear_algebra.h"

namespace anole {

struct GradientStepOptions {
  InnerOptimizer optimizer = InnerOptimizer::kSgd;
  double step_size = 0.3;
  double step_decay = 1;
  double step_noise_exponent = 0;
  double max_gradient_norm = 0;
  double max_step_norm = 0;

  static void Describe(VisitOf<GradientStepOptions> visit);
};

// The step size of an update, before the multipliers of layers. inner_step: number of updates
// before it; noise_ratio: as UpdateContext has it.
double StepSize(const GradientStepOptions& options, std::int64_t inner_step, double noise_ratio);

// (parameters): what to add to the parameters. count: number of steps made before in this
// adaptation. memory: Adam's; empty before the first step, it goes on over the updates of an
// adaptation.
Vector GradientStep(VectorIn gradient, const GradientStepOptions& options,
                    const UpdateContext& context, std::int64_t count, Vector& memory);

// Why the derivatives below cannot be had, for the user; empty: it can.
std::string FirstOrderOnly(const GradientStepOptions& options);

// (parameters): D^T v, with D the derivative of GradientStep in the gradient. Where a clip holds,
// the length no longer moves: of m x / ||x|| it is m / ||x|| times the projection orthogonal to x.
Vector GradientStepBackward(VectorIn gradient, const GradientStepOptions& options,
                            const UpdateContext& context, VectorIn v);

// (parameters): D u.
Vector GradientStepForward(VectorIn gradient, const GradientStepOptions& options,
                           const UpdateContext& context, VectorIn u);

}  // namespace anole
