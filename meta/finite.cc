#include "meta/finite.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>

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

// The part of theta in which `change` (parameters) is longest, or not finite; empty: there is one.
std::string LongestPart(VectorIn change, const Layout& layout) {
  std::map<std::string, double> squares;
  std::int64_t offset = 0;
  for (const Block& block : layout.theta) {
    const auto part = change.segment(offset, block.size());
    squares[block.name.substr(0, block.name.find('/'))] +=
        AllFinite(part) ? part.squaredNorm() : std::numeric_limits<double>::infinity();
    offset += block.size();
  }
  if (squares.size() < 2) return "";
  return std::ranges::max_element(squares, {}, [](const auto& part) { return part.second; })->first;
}

// ", most of it in the critic"
std::string In(const std::string& part) {
  return part.empty() ? "" : ", most of it in the " + part;
}

}  // namespace

RunawayError::RunawayError(From from, const std::string& what, std::int64_t iteration,
                           std::string part)
    : std::runtime_error("iteration " + std::to_string(iteration) + ": " + what),
      from_(from),
      iteration_(iteration),
      part_(std::move(part)) {}

void CheckFinite(std::span<const Adaptation> batch, const Layout& layout, const MetaState& state) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string whose =
        batch.size() == 1 ? "" : " of task " + std::to_string(i) + " of the meta-batch";
    const auto check = [&](VectorIn values, const std::string& name) {
      if (AllFinite(values)) return;
      throw RunawayError(RunawayError::From::kAdaptation, name + whose + kNotFinite,
                         state.iteration + 1, LongestPart(values, layout));
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

void CheckStepLength(VectorIn step, double adapted_distance, const Layout& layout,
                     const MetaState& before) {
  const double step_norm = step.norm();
  const double times = step_norm / std::max(before.theta.norm(), 1.);
  if (times <= kLongestStep) return;
  const bool outer_led = step_norm > 1.001 * adapted_distance;  // Reptile's goes no further
  const std::string part = LongestPart(step, layout);
  throw RunawayError(outer_led ? RunawayError::From::kOuterStep : RunawayError::From::kAdaptation,
                     "the outer step would be " +
                         std::to_string(std::llround(std::min(times, 1e18))) +
                         " times as long as theta itself" + In(part),
                     before.iteration + 1, part);
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
