// Adam (Kingma and Ba 2015, algorithm 1): steps of a size that does not depend on that of the
// direction, so meta gradients of any length, and the shorter one of FOMAML, move theta alike.
#include "agents/adam.h"

#include "meta/outer_optimizer.h"

namespace anole {
namespace {

class Adam : public OuterOptimizer {
 public:
  struct Options {
    AdamOptions adam = {.epsilon = 1e-4};

    static void Describe(VisitOf<Options> visit) {
      const VisitOf<AdamOptions> adam = visit.In(&Options::adam);
      adam("meta.adam_beta1", &AdamOptions::beta1,
           {.help = "memory of the mean direction",
            .min = 0,
            .max = 0.999999,
            .use = Use::kTraining});
      adam("meta.adam_beta2", &AdamOptions::beta2,
           {.help = "memory of the mean squared direction",
            .min = 0,
            .max = 0.999999,
            .use = Use::kTraining});
      adam("meta.adam_epsilon", &AdamOptions::epsilon,
           {.help = "parameters whose direction is smaller than this move less",
            .min = 0,
            .max = 1,
            .positive = true,
            .use = Use::kTraining});
    }
  };

  Adam(const Options& options, const LinearSchedule& step_size)
      : adam_(options.adam), step_size_(step_size) {}

  std::int64_t memory_size(std::int64_t parameters) const override { return 2 * parameters; }

  void Step(const OuterStep& outer, MetaState& state) const override {
    state.theta += AdamStep(outer.direction, step_size_.At(state.iteration), adam_, outer.count,
                            state.optimizer);
  }

 private:
  AdamOptions adam_;
  LinearSchedule step_size_;
};

const RegisterOptimizer<Adam> registration("adam", "steps scaled by the direction's own size");

}  // namespace
}  // namespace anole
