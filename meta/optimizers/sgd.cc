// Plain steps along the direction: with Reptile and step size 1 theta becomes the mean of the
// adapted parameters.
#include "meta/outer_optimizer.h"

namespace anole {
namespace {

class Sgd : public OuterOptimizer {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  Sgd(const Options& /*options*/, const LinearSchedule& step_size) : step_size_(step_size) {}

  void Step(const OuterStep& outer, MetaState& state) const override {
    state.theta += step_size_.At(state.iteration) * outer.direction;
  }

 private:
  LinearSchedule step_size_;
};

const RegisterOptimizer<Sgd> registration("sgd", "plain steps");

}  // namespace
}  // namespace anole
