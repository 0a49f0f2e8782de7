// Trust region policy optimisation (Schulman et al. 2015, appendix C): the step of the natural
// policy gradient, shortened until the surrogate
//
//   mean of r A,   r = pi(a | o) / pi_old(a | o),
//
// really rises and the mean KL(pi_old || pi) really is at most inner.kl, both of this batch.
//
// No step sizes are learned: the line search would undo them. Nor is there a noise exponent, see
// natural_policy_gradient.cc.
#include "agents/control/inner_learner.h"
#include "agents/control/natural_gradient.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/task_mean.h"

namespace anole {
namespace {

class TrustRegion : public InnerLearner {
 public:
  struct Options {
    NaturalGradientOptions natural;
    double backtrack_ratio = 0.8;
    std::int64_t backtracks = 15;

    static void Describe(VisitOf<Options> visit) {
      visit(&Options::natural);
      visit("inner.backtrack_ratio", &Options::backtrack_ratio,
            {.help = "line search: a step that is too long becomes so much shorter",
             .min = 0.01,
             .max = 0.99});
      visit("inner.backtracks", &Options::backtracks,
            {.help = "line search: so many times; then the parameters stay as they are",
             .min = 0,
             .max = 1000});
    }
  };

  explicit TrustRegion(const Options& options) : options_(options) {}

  bool takes_step_scale() const override { return false; }

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& /*context*/, Vector& /*memory*/,
                     VectorOut params) const override {
    UpdateStats stats = Begin(PolicyGradient(policy, samples), samples);
    if (stats.refused) return stats;
    stats.refused = true;
    Vector step = NaturalStep(policy, samples, stats.gradient, options_.natural);
    for (std::int64_t i = 0; i <= options_.backtracks; ++i, step *= options_.backtrack_ratio) {
      const Outcome outcome = Try(policy, policy.At(params + step), samples);
      if (!(outcome.gain > 0) || !(outcome.kl <= options_.natural.kl)) continue;
      params += step;
      stats.step_norm = step.norm();
      stats.refused = false;
      break;
    }
    return stats;
  }

 private:
  struct Outcome {
    double gain = 0, kl = 0;  // of the surrogate; [nats]
  };

  static Outcome Try(const ControlPolicy<float>& policy, const ControlPolicy<float>& candidate,
                     std::span<const Samples> samples) {
    const Vector mean = TaskMean(samples, 2, [&](const Samples& task) -> Vector {
      const Vector log_probs = candidate.LogProbs(task.steps(), task.actions);
      const Vector changes = (log_probs - task.log_probs).array().exp() - 1;
      Vector outcome(2);
      outcome << changes.cwiseProduct(task.advantages).mean(),
          policy.MeanKl(candidate, task.steps());
      return outcome;
    });
    return {mean[0], mean[1]};
  }

  Options options_;
};

const RegisterLearner<TrustRegion> registration("trpo", "trust region policy optimisation");

}  // namespace
}  // namespace anole
