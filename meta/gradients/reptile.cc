// Reptile (Nichol, Achiam, Schulman 2018): towards the mean of the adapted parameters.
//
//   theta <- theta + alpha * (mean_i(phi_i) - theta)         batched, their algorithm 2
//   theta <- theta + alpha * (phi - theta)                   serial, algorithm 1: batch_size = 1
//
// The same step as one on the squared distance to the mean, theta - beta * grad ||theta - mean||^2,
// has alpha = 2 beta. With a single inner update the direction is that of joint training; what
// makes it a meta-gradient is how the gradients of several updates agree (section 5).
#include "meta/meta_gradient.h"

namespace anole {
namespace {

class Reptile : public MetaGradient {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  explicit Reptile(const Options& /*options*/) {}

  Vector Direction(std::span<const Adaptation> batch, VectorIn theta) const override {
    Vector mean = Vector::Zero(theta.size());
    for (const Adaptation& adaptation : batch) mean += adaptation.params;
    return mean / static_cast<double>(batch.size()) - theta;
  }
};

const RegisterMetaGradient<Reptile> registration("reptile", "mean of adapted parameters");

}  // namespace
}  // namespace anole
