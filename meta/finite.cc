#include "meta/finite.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "agents/finite.h"

namespace anole {
namespace {

constexpr const char* kNotFinite = " would not be finite";
// Of theta's own length, or of 1: a policy's steps are a small part of it. One that was 136 times
// as long (ProMP with the step size of Reptile) left a policy whose gradients soon overflowed.
constexpr double kLongestStep = 30;
// [nats]. Steps of a few are long; beyond this the policies before and after have nothing in
// common.
constexpr double kLargestKl = 100;

}  // namespace

RunawayError::RunawayError(From from, const std::string& what, std::int64_t iteration)
    : std::runtime_error("iteration " + std::to_string(iteration) + ": " + what),
      from_(from),
      iteration_(iteration) {}

void CheckFinite(std::span<const Adaptation> batch, const MetaState& state) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string whose =
        batch.size() == 1 ? "" : " of task " + std::to_string(i) + " of the meta-batch";
    const auto check = [&](VectorIn values, const std::string& name) {
      if (AllFinite(values)) return;
      throw RunawayError(RunawayError::From::kAdaptation, name + whose + kNotFinite,
                         state.iteration + 1);
    };
    check(batch[i].params, "the adapted parameters");
    check(batch[i].gradient, "the gradient after adaptation");
  }
}

void CheckOuterStep(const MetaState& after, const MetaState& before) {
  const auto check = [&](bool finite, const std::string& name) {
    if (finite) return;
    throw RunawayError(RunawayError::From::kOuterStep, name + kNotFinite, before.iteration + 1);
  };
  check(std::isfinite(after.direction_norm), "the meta gradient");
  check(AllFinite(after.theta), "theta after the outer step");
  check(after.optimizer.allFinite(), "the outer optimiser's memory");
}

void CheckStepLength(double step_norm, double adapted_distance, const MetaState& before) {
  const double times = step_norm / std::max(before.theta.norm(), 1.);
  if (times <= kLongestStep) return;
  const bool outer_led = step_norm > 1.001 * adapted_distance;  // Reptile's goes no further
  throw RunawayError(outer_led ? RunawayError::From::kOuterStep : RunawayError::From::kAdaptation,
                     "the outer step would be " +
                         std::to_string(std::llround(std::min(times, 1e18))) +
                         " times as long as theta itself",
                     before.iteration + 1);
}

void CheckOuterKl(double kl, const MetaState& before) {
  if (kl <= kLargestKl) return;
  const std::string much =
      std::isfinite(kl) ? std::to_string(std::llround(std::min(kl, 1e18))) : "infinity";
  throw RunawayError(RunawayError::From::kOuterStep,
                     "the outer step would move the adapted policies by a KL divergence of " + much,
                     before.iteration + 1);
}

void CheckContext(VectorIn context, const Layout& layout, const MetaState& before) {
  std::int64_t offset = 0;
  for (const Block& block : layout.context) {
    if (!AllFinite(context.segment(offset, block.size()))) {
      throw RunawayError(RunawayError::From::kContext, block.name + kNotFinite,
                         before.iteration + 1);
    }
    offset += block.size();
  }
}

}  // namespace anole
