// The work that the ranks of an MPI job share. Rank 0 does what the program was asked for, and
// calls the others to training and evaluation; they touch no files, print nothing and decide
// nothing.
#pragma once

#include <functional>

#include "agents/inner_loop.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"
#include "meta/meta_state.h"
#include "tools/run/experiment.h"

namespace anole {

// On rank 0: trains by `work`, which is TrainOnRank. The others do the same from `state` on.
void ShareTraining(const Communicator& ranks, const Experiment& experiment, const MetaState& state,
                   const std::function<void()>& work);

// On rank 0: Evaluate with the experiment's options, on all ranks.
Evaluation ShareEvaluation(const Communicator& ranks, const Experiment& experiment,
                           const InnerLoop& loop, const Learnable& state, Phase phase,
                           const std::function<void(std::int64_t tasks_done)>& progress = {});

// On rank 0: there is no more work.
void DismissRanks(const Communicator& ranks);

// On the other ranks: works for rank 0 until it dismisses them. The first Ctrl-C or SIGTERM is left
// to rank 0.
void AssistFirstRank(const Communicator& ranks);

// A warning where some of the ranks have nothing to do. tasks: what they share.
void WarnOfIdleRanks(const Communicator& ranks, std::int64_t tasks);

}  // namespace anole
