// ProMP (Rothfuss, Lee, Clavera, Asfour, Abbeel 2019, algorithm 1 and equation 13): several steps
// of the outer optimiser for each meta-batch, each along the gradient at the theta reached so far
// of
//
//   mean_i( mean min(r A, clip(r, 1 - clip, 1 + clip) A)
//           - kl_penalty * KL(pi_theta^o || pi_theta) ),
//
// the first mean over the samples after adaptation, the KL over those before (with several inner
// updates, the mean of it over the policies before each), theta^o the parameters that sampled. The
// gradient is taken through the inner updates, which follow likelihood ratios, so that they curve
// with low variance: frozen_adaptation.h has all formulas.
//
// Defaults are those of the authors' script (github.com/jonasrothfuss/ProMP,
// run_scripts/pro-mp_run_mujoco.py); there too the penalty is fixed. What its learned inner steps
// would be is learned otherwise here (control_context.h), and constant to this gradient.
#include "meta/meta_gradient.h"

namespace anole {
namespace {

class Promp : public MetaGradient {
 public:
  struct Options {
    std::int64_t outer_steps = 5;
    double clip = 0.3;
    double kl_penalty = 5e-4;

    static void Describe(VisitOf<Options> visit) {
      visit("meta.outer_steps", &Options::outer_steps,
            {.help = "steps of the outer optimiser for a meta-batch",
             .min = 1,
             .max = 1000,
             .use = Use::kTraining});
      visit("meta.clip", &Options::clip,
            {.help = "samples after adaptation whose likelihood ratio is further than this from 1, "
                     "to the good, attract no more",
             .max = 1e6,
             .positive = true,
             .use = Use::kTraining});
      visit(
          "meta.kl_penalty", &Options::kl_penalty,
          {.help =
               "weight of the mean KL divergence between the policies before each inner "
               "update, as they sampled and as they have become; of no update (RL^2) there is none",
           .unit = "1 / nat",
           .min = 0,
           .max = 1e6,
           .use = Use::kTraining});
    }
  };

  explicit Promp(const Options& options) : options_(options) {}

  Needs needs() const override {
    return {.derivative = Derivative::kAtAnyTheta,
            .objective = {.ratios = true, .clip = options_.clip, .kl_penalty = options_.kl_penalty},
            .outer_steps = options_.outer_steps};
  }

  // At theta^o neither clip nor KL has a gradient.
  Vector Direction(std::span<const Adaptation> batch, VectorIn /*theta*/) const override {
    return MeanGradient(batch);
  }

 private:
  Options options_;
};

const RegisterMetaGradient<Promp> registration(
    "promp", "ProMP: steps along a clipped surrogate of the return after adaptation");

}  // namespace
}  // namespace anole
