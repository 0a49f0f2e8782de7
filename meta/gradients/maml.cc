// MAML (Finn, Abbeel, Levine 2017, equations 1 and 4): the mean over tasks of the derivative in
// theta of the objective after adaptation,
//
//   theta <- theta + alpha * mean_i(d J_i(phi_i(theta)) / d theta),
//
// estimated on a batch of its own. The inner loop takes the gradient v_K = grad J(phi_K) back
// through its K updates. With updates phi_{k+1} = phi_k + s_k .* g_k(phi_k), s_k their step sizes,
//
//   v_k = v_{k+1} + H_k (s_k .* v_{k+1}),   H_k = d g_k / d phi at phi_k,
//
// by exact products with the symmetric H_k: the Hessian of the surrogate mean(A log pi(a | o)) on
// batch k, or of minus the loss. What is not differentiated: the step sizes, though they are
// learned; the advantages A; and the choice of the episodes of a batch before update k, though they
// were sampled with phi_k. So it is in the authors' code too (github.com/cbfinn/maml_rl,
// sandbox/rocky/tf/algos/maml_npo.py); Rothfuss et al. 2019 (ProMP), section 4, tell what is
// missed. For supervised tasks, whose examples depend on nothing, the derivative is the whole one.
#include "meta/meta_gradient.h"

namespace anole {
namespace {

class Maml : public MetaGradient {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  explicit Maml(const Options& /*options*/) {}

  Needs needs() const override { return {.derivative = Derivative::kAtTheta}; }

  Vector Direction(std::span<const Adaptation> batch, VectorIn /*theta*/) const override {
    return MeanGradient(batch);
  }
};

const RegisterMetaGradient<Maml> registration(
    "maml", "MAML: mean of the gradients after adaptation, taken back through the updates");

}  // namespace
}  // namespace anole
