// First-order MAML (Finn, Abbeel, Levine 2017, section 5.2; Nichol, Achiam, Schulman 2018, equation
// 27 with a separate tail): the mean over tasks of the gradient at the adapted parameters,
//
//   theta <- theta + alpha * mean_i(grad J_i(phi_i)),
//
// estimated on a batch of its own. The derivative of phi in theta is left out. The gradient of the
// last inner update would not do: it was taken before phi, on a batch that phi depends on.
#include "meta/meta_gradient.h"

namespace anole {
namespace {

class FirstOrderMaml : public MetaGradient {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  explicit FirstOrderMaml(const Options& /*options*/) {}

  Needs needs() const override { return {.derivative = Derivative::kAtPhi}; }

  Vector Direction(std::span<const Adaptation> batch, VectorIn /*theta*/) const override {
    return MeanGradient(batch);
  }
};

const RegisterMetaGradient<FirstOrderMaml> registration(
    "fomaml", "first-order MAML: mean of the gradients after adaptation");

}  // namespace
}  // namespace anole
