// A trust region (Schulman et al. 2015, appendix C), as the outer step of MAML (Finn, Abbeel,
// Levine 2017, section 5.3: "MAML-TRPO"). With g the meta gradient and H the Hessian of the mean KL
// of the adapted policies in theta,
//
//   x = (H + damping)^-1 g,   theta += ratio^i sqrt(2 kl / x H x) x,
//
// with the first i at which the objective after adaptation, on the episodes of this meta-batch,
// rises and the mean KL of the adapted policies is at most kl; where there is none, theta stays.
//
// Products with H are exact (frozen_adaptation.h). Others take differences of gradients of the KL
// (Finn et al.; github.com/jonasrothfuss/ProMP, optimizers/conjugate_gradient_optimizer.py, whose
// defaults these are, but for the damping), which would drown in the rounding errors of policies
// that compute in float.

#include "agents/step_of_kl.h"
#include "meta/frozen_meta_batch.h"
#include "meta/outer_optimizer.h"

namespace anole {
namespace {

class TrustRegion : public OuterOptimizer {
 public:
  struct Options {
    double kl = 0.01;
    double damping = 1e-3;
    std::int64_t iterations = 10;
    double backtrack_ratio = 0.8;
    std::int64_t backtracks = 15;

    static void Describe(VisitOf<Options> visit) {
      visit("meta.kl", &Options::kl,
            {.help = "size of an outer step: at most this mean KL divergence of the adapted "
                     "policies before and after it",
             .unit = "nats",
             .max = 100,
             .positive = true,
             .use = Use::kTraining});
      visit("meta.damping", &Options::damping,
            {.help = "added to the diagonal of the curvature of that KL: parameters that it hardly "
                     "depends on move little",
             .min = 0,
             .max = 1e6,
             .use = Use::kTraining});
      visit("meta.cg_iterations", &Options::iterations,
            {.help = "conjugate gradients: products with that curvature for a step",
             .min = 1,
             .max = 1000,
             .use = Use::kTraining});
      visit("meta.backtrack_ratio", &Options::backtrack_ratio,
            {.help = "line search: a step that is too long becomes so much shorter",
             .min = 0.01,
             .max = 0.99,
             .use = Use::kTraining});
      visit("meta.backtracks", &Options::backtracks,
            {.help = "line search: so many times; then theta stays as it is",
             .min = 0,
             .max = 1000,
             .use = Use::kTraining});
    }
  };

  TrustRegion(const Options& options, const LinearSchedule& /*step_size*/) : options_(options) {}

  bool takes_step_size() const override { return false; }
  bool needs_objective() const override { return true; }

  void Step(const OuterStep& outer, MetaState& state) const override {
    const auto curvature = [&](VectorIn v) { return outer.batch.KlHessianProduct(v); };
    Vector step =
        StepOfKl(curvature, outer.direction, options_.kl, options_.damping, options_.iterations);
    const double objective = outer.batch.At(state.theta).objective;
    for (std::int64_t i = 0; i <= options_.backtracks; ++i, step *= options_.backtrack_ratio) {
      const FrozenValue value = outer.batch.At(state.theta + step);
      if (!(value.objective > objective) || !(value.kl <= options_.kl)) continue;
      state.theta += step;
      return;
    }
  }

 private:
  Options options_;
};

const RegisterOptimizer<TrustRegion> registration(
    "trpo", "a trust region: steps of a given KL of the adapted policies, for maml");

}  // namespace
}  // namespace anole
