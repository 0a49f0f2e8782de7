// How much an iteration of training is, told before the first one where that is very much: nothing
// is heard of a run before it ends.
#pragma once

#include <string>

#include "agents/inner_loop.h"
#include "meta/trainer.h"

namespace anole {

// "an iteration consumes 1e+11 environment steps: ..."; "" where it is of a usual size. plan: of
// training, as TrainingPlan makes it.
std::string LongIterationText(const InnerLoopSpec& loop, const Plan& plan,
                              const TrainerOptions& trainer);

}  // namespace anole
