// sampling/BODY: bare mj_step on the actions of an episode, over the episode with the policy in the
// loop. 1 would be a rollout that takes no time but physics.
#pragma once

#include <optional>
#include <string>

#include "configs/settings.h"
#include "tools/bench/benchmark.h"

namespace anole::bench {

// sampling/NAME for an experiment of tasks that are rolled out, over so many control steps.
BenchmarkEntry SamplingEntry(const std::string& name, const Settings& experiment, int steps,
                             std::optional<double> goal);

}  // namespace anole::bench
