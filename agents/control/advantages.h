// How much better an action was than expected: discounted returns, the linear feature baseline and
// generalised advantage estimation.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "agents/control/episode.h"
#include "agents/network/sequences.h"
#include "envs/linear_algebra.h"

namespace anole {

// What advantages are measured against: a function fitted to each batch, or a meta-learned network.
enum class Baseline { kLinear, kCritic };

constexpr auto WordsOf(Baseline) {
  return Words<Baseline>({{Baseline::kLinear, "linear"}, {Baseline::kCritic, "critic"}});
}

struct AdvantageOptions {
  Baseline baseline = Baseline::kLinear;
  double discount = 0.99;
  double gae_lambda = 0.9;

  static void Describe(VisitOf<AdvantageOptions> visit);
};

// The steps of several episodes side by side, with what a policy gradient and a critic need to know
// of each.
struct Samples {
  Matrix observations;  // (observation_dim x steps), raw
  Matrix actions;       // (action_dim x steps), raw
  Vector log_probs;     // (steps)
  Vector advantages;    // (steps), not normalised
  // 1 - Var(returns - baseline) / Var(returns), of discounted returns: 1 is a perfect baseline, 0
  // is as good as a constant. NaN where all returns are equal.
  double explained_variance = std::numeric_limits<double>::quiet_NaN();
  Vector times;                       // (steps) [control steps]
  Vector returns;                     // (steps), discounted, still to come
  std::vector<std::int64_t> lengths;  // of the episodes, in order [steps]; none: it is a single one
  Matrix privileged;                  // (privileged_dim x steps), raw

  Sequences steps() const { return {observations, lengths}; }
};

// (length): 0, 1, ... [control steps].
Vector StepTimes(std::int64_t length);

// Discounted sums of what is still to come: out[t] = values[t] + factor * out[t + 1].
Vector DiscountedSums(VectorIn values, double factor);

// Generalised advantage estimation (Schulman et al. 2016, equation 16) of one episode that ends
// with value 0: the sums of the temporal-difference errors, discounted by discount * lambda.
// rewards, values: (length)
Vector GeneralizedAdvantages(VectorIn rewards, VectorIn values, double discount, double lambda);

// Linear in the features [o, o^2, t, t^2, t^3, 1], o clipped to +-10 and t = step / 100 (Duan et
// al. 2016, section 6.2), fitted to discounted returns by ridge regression. o: the observation and
// what is privileged.
class LinearBaseline {
 public:
  // Fits to all episodes; returns[i]: (length of episode i).
  LinearBaseline(std::span<const Episode* const> episodes, std::span<const Vector> returns);

  Vector Values(const Episode& episode) const;  // (length)

  // How many weights are fitted. seen: numbers of o.
  static std::int64_t Size(std::int64_t seen) { return 2 * seen + 4; }

 private:
  static Matrix Features(const Episode& episode);  // (features x length)

  Vector weights_;  // (features)
};

// The steps of all episodes that did not diverge, in order, with advantages against a baseline:
// values(episode) (length), or, without them, a linear baseline that is fitted to these very
// episodes. Empty where all of them diverged.
using EpisodeValues = std::function<Vector(const Episode&)>;
Samples EstimateAdvantages(std::span<const Episode> episodes, const AdvantageOptions& options,
                           const EpisodeValues& values = {});

}  // namespace anole
