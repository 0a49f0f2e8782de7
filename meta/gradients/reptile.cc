// Reptile (Nichol, Achiam, Schulman 2018): towards the mean of the adapted parameters.
//
//   theta <- theta + alpha * (mean_i(phi_i) - theta)         batched, their algorithm 2
//   theta <- theta + alpha * (phi - theta)                   serial, algorithm 1: batch_size = 1
//
// The same step as one on the squared distance to the mean, theta - beta * grad ||theta - mean||^2,
// has alpha = 2 beta. With a single inner update the direction is that of joint training; what
// makes it a meta-gradient is how the gradients of several updates agree (section 5).
#include <algorithm>

#include "meta/meta_gradient.h"

namespace anole {
namespace {

class Reptile : public MetaGradient {
 public:
  struct Options {
    double evenness = 0;

    static void Describe(VisitOf<Options> visit) {
      visit("meta.evenness", &Options::evenness,
            {.help = "how much more tasks count that adapt worse than the others of their "
                     "meta-batch: from 1 - this of the best to 1 + this of the worst",
             .min = 0,
             .max = 1,
             .use = Use::kTraining});
    }
  };

  explicit Reptile(const Options& options) : options_(options) {}

  // The weights have mean 1: for each pair of tasks, what one has more the other has less.
  Vector Direction(std::span<const Adaptation> batch, VectorIn theta) const override {
    Vector mean = Vector::Zero(theta.size());
    for (const Adaptation& adaptation : batch) {
      mean += Weight(adaptation, batch) * adaptation.params;
    }
    return mean / static_cast<double>(batch.size()) - theta;
  }

 private:
  // By rank, so that it does not matter how large returns are.
  double Weight(const Adaptation& adaptation, std::span<const Adaptation> batch) const {
    double ahead = 0;  // how many more others are better than worse
    for (const Adaptation& other : batch) {
      if (other.objective > adaptation.objective) ++ahead;
      if (other.objective < adaptation.objective) --ahead;
    }
    return 1 + options_.evenness * ahead / std::max(1., static_cast<double>(batch.size()) - 1);
  }

  Options options_;
};

const RegisterMetaGradient<Reptile> registration("reptile", "mean of adapted parameters");

}  // namespace
}  // namespace anole
