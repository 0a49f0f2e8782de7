#include "tools/run/training_loop.h"

#include <cstdint>

namespace anole {
namespace {

// Rank 0's decision, on every rank.
bool Decide(const Communicator& ranks, bool decision) {
  return !ranks.Broadcast(decision ? "+" : "").empty();
}

}  // namespace

void TrainOnRank(const Communicator& ranks, const Experiment& experiment, const InnerLoop& loop,
                 MetaState& state, TrainingDirector& director) {
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, static_cast<std::uint64_t>(experiment.run.seed), loop,
                        *gradient, *optimizer, ranks);
  bool goes_on = Decide(ranks, director.Begins());
  while (goes_on) {
    director.Starts();
    IterationResult result;
    try {
      result.facts = trainer.Step(state, [&] { director.Adapted(); });
    } catch (const RunawayError& error) {  // on every rank
      Decide(ranks, false);
      director.RunsAway(error);
      return;
    }
    if (experiment.validation.IsDue(state)) {
      result.validation =
          Validate(loop, experiment.validation, experiment.evaluation.seed, state, ranks);
    }
    goes_on = Decide(ranks, director.GoesOn(result));
    director.Record(result);
  }
}

}  // namespace anole
