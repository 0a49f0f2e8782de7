// Adam (Kingma and Ba 2015, algorithm 1), ascending: steps of a size that does not depend on that
// of the direction.
#include <cmath>

#include "meta/outer_optimizer.h"

namespace anole {
namespace {

class Adam : public OuterOptimizer {
 public:
  struct Options {
    double beta1 = 0.9, beta2 = 0.999;
    double epsilon = 1e-4;

    void Describe(OptionVisitor& visit) {
      visit("meta.adam_beta1", beta1,
            {.help = "memory of the mean direction", .min = 0, .max = 0.999999});
      visit("meta.adam_beta2", beta2,
            {.help = "memory of the mean squared direction", .min = 0, .max = 0.999999});
      visit("meta.adam_epsilon", epsilon,
            {.help = "parameters whose direction is smaller than this move less",
             .min = 0,
             .max = 1,
             .positive = true});
    }
  };

  Adam(const Options& options, const StepSchedule& step_size)
      : options_(options), step_size_(step_size) {}

  void Step(VectorIn direction, MetaState& state) const override {
    const Eigen::Index n = direction.size();
    if (state.optimizer.size() == 0) state.optimizer = Vector::Zero(2 * n);
    auto mean = state.optimizer.head(n);
    auto square = state.optimizer.tail(n);
    mean = options_.beta1 * mean + (1 - options_.beta1) * direction;
    square = options_.beta2 * square + (1 - options_.beta2) * direction.cwiseAbs2();
    const double t = static_cast<double>(state.iteration + 1);
    const double mean_bias = 1 - std::pow(options_.beta1, t);
    const double square_bias = 1 - std::pow(options_.beta2, t);
    state.theta.array() += step_size_.At(state.iteration) * (mean.array() / mean_bias) /
                           ((square.array() / square_bias).sqrt() + options_.epsilon);
  }

 private:
  Options options_;
  StepSchedule step_size_;
};

const RegisterOptimizer<Adam> registration("adam", "steps scaled by the direction's own size");

}  // namespace
}  // namespace anole
