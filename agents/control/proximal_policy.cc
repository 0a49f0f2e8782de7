// Proximal policy optimisation (Schulman et al. 2017): several epochs of gradient steps on
// minibatches of one batch, along the gradient of the clipped surrogate (equation 7)
//
//   mean of min(r A, clip(r, 1 - epsilon, 1 + epsilon) A),   r = pi(a | o) / pi_old(a | o),
//
// which is 0 for samples whose ratio is beyond the clip already on the side where A wants it.
//
// An epoch meets each task's steps, or, of a policy that remembers, its episodes, in a random
// order, cut into equally many parts; a minibatch is a part of each task that is learned at once.
// Adam's memory starts empty on every task, and goes on over minibatches, epochs and the updates of
// an adaptation: a new batch of the same task changes the gradient's size little.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "agents/control/gradient_step.h"
#include "agents/control/inner_learner.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/ratio_surrogate.h"
#include "agents/control/task_mean.h"

namespace anole {
namespace {

using Order = std::vector<Eigen::Index>;  // of the steps, or of the episodes, of a task

// The steps of these episodes; lengths: of all.
Order StepsOf(const Order& episodes, std::span<const std::int64_t> lengths) {
  std::vector<std::int64_t> first(lengths.size());
  std::exclusive_scan(lengths.begin(), lengths.end(), first.begin(), std::int64_t{0});
  Order steps;
  for (const Eigen::Index episode : episodes) {
    const auto i = static_cast<std::size_t>(episode);
    for (std::int64_t t = 0; t < lengths[i]; ++t) steps.push_back(first[i] + t);
  }
  return steps;
}

// What is in part number `part` of `parts` of an order, of steps or of whole episodes.
Samples Part(const Samples& task, const Order& order, bool whole, std::int64_t part,
             std::int64_t parts) {
  const auto n = static_cast<std::int64_t>(order.size());
  Order chosen(order.begin() + part * n / parts, order.begin() + (part + 1) * n / parts);
  std::vector<std::int64_t> lengths;
  if (whole) {
    for (const Eigen::Index i : chosen)
      lengths.push_back(task.lengths[static_cast<std::size_t>(i)]);
    chosen = StepsOf(chosen, task.lengths);
  }
  return {.observations = task.observations(Eigen::all, chosen),
          .actions = task.actions(Eigen::all, chosen),
          .log_probs = task.log_probs(chosen),
          .advantages = task.advantages(chosen),
          .times = {},
          .returns = {},
          .lengths = std::move(lengths),
          .privileged = {}};
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

  explicit ProximalPolicy(const Options& options) : options_(options) {}

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& memory,
                     VectorOut params) const override {
    UpdateStats stats = Begin(PolicyGradient(policy, samples), samples);
    if (stats.refused) return stats;
    const bool whole = policy.remembers();
    std::vector<Rng> rngs;
    std::vector<Order> orders;
    for (const Samples& task : samples) {
      Address address = context.address;
      address.task += static_cast<std::int64_t>(rngs.size());
      rngs.push_back(address.Open(Purpose::kLearner));
      Order& order = orders.emplace_back(whole ? std::ssize(task.lengths) : task.advantages.size());
      std::iota(order.begin(), order.end(), 0);
    }
    Vector moved = params, moved_memory = memory;
    // More parts than there are things to share would be empty ones.
    std::int64_t most = 1;
    for (const Order& order : orders) most = std::max<std::int64_t>(most, std::ssize(order));
    const std::int64_t parts = std::min(options_.minibatches, most);
    std::int64_t count = context.address.inner_step * options_.epochs * parts;
    for (std::int64_t epoch = 0; epoch < options_.epochs; ++epoch) {
      for (std::size_t i = 0; i < orders.size(); ++i) {
        Shuffle(rngs[i], orders[i], orders[i].size());
      }
      for (std::int64_t part = 0; part < parts; ++part, ++count) {
        std::vector<Samples> minibatch;
        for (std::size_t i = 0; i < orders.size(); ++i) {
          minibatch.push_back(Part(samples[i], orders[i], whole, part, parts));
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
