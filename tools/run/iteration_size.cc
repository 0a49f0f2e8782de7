#include "tools/run/iteration_size.h"

#include <fmt/format.h>

#include "tools/run/count_text.h"

namespace anole {
namespace {

// [environment steps or examples]. A core simulates some 10,000 to 100,000 steps of a body in a
// second: these are an hour of it.
constexpr double kVeryMany = 1e8;

}  // namespace

std::string LongIterationText(const InnerLoopSpec& loop, const Plan& plan,
                              const TrainerOptions& trainer) {
  const double samples = static_cast<double>(trainer.batch_size) *
                         static_cast<double>(plan.batches()) *
                         static_cast<double>(loop.batch_samples);
  if (samples <= kVeryMany) return "";
  const bool rolls_out = loop.rolls_out;
  return fmt::format(
      "an iteration consumes up to {:.3g} {}, and there is nothing to see before the first one "
      "ends: {} (meta.batch_size), each {} of {}",
      samples, rolls_out ? "environment steps" : "examples", CountText(trainer.batch_size, "task"),
      plan.batches() == 1 ? "1 batch" : fmt::format("{} batches", plan.batches()),
      rolls_out ? fmt::format("{} (inner.rollouts)", CountText(plan.rollouts, "episode"))
                : CountText(loop.batch_samples, "example"));
}

}  // namespace anole
