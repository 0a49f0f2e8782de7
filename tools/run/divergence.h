// A run whose numbers ran away: what is told of it, and with what it may be gone on with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "meta/finite.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

struct Divergence {
  std::int64_t iteration = 0;  // the one that failed, from 1 on
  std::string reason;          // "iteration 4: theta would not be finite; make ... smaller"
  std::string hint;            // the option to go on with: "--meta.step_size=0.3"
};

// The iterations in a row without a single environment step after which a run is given up.
inline constexpr std::int64_t kMaxIdleIterations = 10;

// outer_led: whether the last outer step went further than the adaptations that it was made from,
// so that it is the one to be shortened.
Divergence Explain(const RunawayError& error, const Experiment& experiment, bool outer_led);
// Of a run in whose last iterations every episode diverged in its first step. iteration: the last.
Divergence ExplainIdle(std::int64_t iteration, const Experiment& experiment);

// Whether `option` says how long steps are: what a run that has diverged may be gone on with, on
// explicit demand.
bool IsStepOption(const std::string& option);

// What meta.json tells of the last start that ended so, if the run has come no further since: one
// that was killed at once has changed nothing.
std::optional<Divergence> ReadDivergence(const RunDirectory& directory);

}  // namespace anole
