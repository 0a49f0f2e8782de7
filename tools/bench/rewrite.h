// rewrite/BODY: a step of the plain model over one of the rewritten (envs/model_rewrite.h), on the
// same actions. Both end in the same bits.
#pragma once

#include <optional>
#include <string>

#include "configs/settings.h"
#include "tools/bench/benchmark.h"
#include "tools/run/experiment.h"

namespace anole::bench {

// rewrite/NAME for an experiment that has task.model_rewrite, over so many control steps.
BenchmarkEntry RewriteEntry(const std::string& name, const Settings& experiment, int steps,
                            std::optional<double> goal);

// Whether it has that option.
bool CanRewrite(const Experiment& experiment);

}  // namespace anole::bench
