// Momentum (Polyak 1964, heavy ball): velocity <- mu * velocity + direction, theta moves by
// step * velocity. In the long run a steady direction counts 1 / (1 - mu) times.
#include "meta/outer_optimizer.h"

namespace anole {
namespace {

class Momentum : public OuterOptimizer {
 public:
  struct Options {
    double momentum = 0.9;

    static void Describe(VisitOf<Options> visit) {
      visit("meta.momentum", &Options::momentum,
            {.help = "share of its velocity that theta keeps from step to step",
             .min = 0,
             .max = 0.999999,
             .use = Use::kTraining});
    }
  };

  Momentum(const Options& options, const LinearSchedule& step_size)
      : momentum_(options.momentum), step_size_(step_size) {}

  std::int64_t memory_size(std::int64_t parameters) const override { return parameters; }

  void Step(const OuterStep& outer, MetaState& state) const override {
    if (state.optimizer.size() == 0) state.optimizer = Vector::Zero(outer.direction.size());
    state.optimizer = momentum_ * state.optimizer + outer.direction;
    state.theta += step_size_.At(state.iteration) * state.optimizer;
  }

 private:
  double momentum_;
  LinearSchedule step_size_;
};

const RegisterOptimizer<Momentum> registration("momentum", "steps that keep some velocity");

}  // namespace
}  // namespace anole
