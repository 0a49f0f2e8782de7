// Proximal policy optimisation (Schulman et al. 2017): several epochs of gradient steps on
// minibatches of one batch, along the gradient of the clipped surrogate (equation 7)
//
//   mean of min(r A, clip(r, 1 - epsilon, 1 + epsilon) A),   r = pi(a | o) / pi_old(a | o),
//
// which is 0 for samples whose ratio is beyond the clip already on the side where A wants it.
//
// An epoch meets each task's steps in a random order, cut into equally many parts; a minibatch is a
// part of each task that is learned at once. Adam's memory starts empty on every task, and goes on
// over minibatches, epochs and the updates of an adaptation: a new batch of the same task changes
// the gradient's size little.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <vector>

#include "agents/control/gradient_step.h"
#include "agents/control/inner_learner.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/ratio_surrogate.h"
#include "agents/control/task_mean.h"
#include "configs/user_error.h"

namespace anole {
namespace {

using Order = std::vector<Eigen::Index>;  // of the steps of a task

// The steps of `task` that are in part number `part` of `parts` of an order.
Samples Part(const Samples& task, const Order& order, std::int64_t part, std::int64_t parts) {
  const auto n = static_cast<std::int64_t>(order.size());
  const Order chosen(order.begin() + part * n / parts, order.begin() + (part + 1) * n / parts);
  return {task.observations(Eigen::all, chosen), task.actions(Eigen::all, chosen),
          task.log_probs(chosen), task.advantages(chosen)};
}

class ProximalPolicy : public InnerLearner {
 public:
  struct Options {
    GradientStepOptions step = {.step_size = 0.1};
    double clip = 0.2;
    std::int64_t epochs = 4;
    std::int64_t minibatches = 4;

    static void Describe(VisitOf<Options> visit) {
      visit(&Options::step);
      visit("inner.clip", &Options::clip,
            {.help = "samples whose probability changed by more than this share pull no further",
             .max = 10,
             .positive = true});
      visit("inner.epochs", &Options::epochs,
            {.help = "passes over the batch of an update", .min = 1, .max = 1000});
      visit("inner.minibatches", &Options::minibatches,
            {.help = "gradient steps of an epoch, each on an equal share of the batch",
             .min = 1,
             .max = 1e6});
    }
  };

  explicit ProximalPolicy(const Options& options) : options_(options) {
    if constexpr (ControlPolicy<float>::kRemembers) {
      throw UserError(
          "inner.learner: the minibatches of ppo are of steps out of their order, which no policy "
          "that remembers can learn from");
    }
  }

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& memory,
                     VectorOut params) const override {
    UpdateStats stats = Begin(PolicyGradient(policy, samples), samples);
    if (stats.refused) return stats;
    std::vector<Rng> rngs;
    std::vector<Order> orders;
    for (const Samples& task : samples) {
      Address address = context.address;
      address.task += static_cast<std::int64_t>(rngs.size());
      rngs.push_back(address.Open(Purpose::kLearner));
      Order& order = orders.emplace_back(task.advantages.size());
      std::iota(order.begin(), order.end(), 0);
    }
    Vector moved = params, moved_memory = memory;
    // More parts than steps would be empty ones.
    std::int64_t steps = 1;
    for (const Order& order : orders) steps = std::max<std::int64_t>(steps, std::ssize(order));
    const std::int64_t parts = std::min(options_.minibatches, steps);
    std::int64_t count = context.address.inner_step * options_.epochs * parts;
    for (std::int64_t epoch = 0; epoch < options_.epochs; ++epoch) {
      for (std::size_t i = 0; i < orders.size(); ++i) {
        Shuffle(rngs[i], orders[i], orders[i].size());
      }
      for (std::int64_t part = 0; part < parts; ++part, ++count) {
        std::vector<Samples> minibatch;
        for (std::size_t i = 0; i < orders.size(); ++i) {
          minibatch.push_back(Part(samples[i], orders[i], part, parts));
        }
        if (!HasSamples(minibatch)) continue;  // no episode has a step
        const Vector gradient = RatioGradient(policy.At(moved), minibatch, options_.clip);
        stats.refused = !gradient.allFinite();
        if (stats.refused) return stats;
        moved += GradientStep(gradient, options_.step, context, count, moved_memory);
      }
    }
    stats.direction = moved - params;
    stats.step_norm = stats.direction.norm();
    params = moved;
    memory = moved_memory;
    return stats;
  }

 private:
  Options options_;
};

const RegisterLearner<ProximalPolicy> registration("ppo", "proximal policy optimisation");

}  // namespace
}  // namespace anole
