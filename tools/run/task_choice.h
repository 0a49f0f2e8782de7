// Which task of a run to adapt to, as a person asks for it.
#pragma once

#include <cstdint>
#include <string>

#include "envs/linear_algebra.h"
#include "tools/run/run.h"

namespace anole {

// The task of --goal=TEXT. Throws UserError where a family has a few tasks and this is none of
// them; a warning tells of one that is outside of what is trained on and tested.
Vector GoalOf(const std::string& text, const Run& run);

// The k-th task of an evaluation, k >= 0. Throws UserError where there is no such task.
AdaptationRequest TestTask(std::int64_t number, const Run& run);

// The next one that evaluation.seed draws, after those of an evaluation.
AdaptationRequest FurtherTask(const Run& run);

}  // namespace anole
