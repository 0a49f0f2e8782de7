// The loop of meta-training, the same on all ranks of an MPI job: one iteration after another, as
// rank 0 decides.
#pragma once

#include <vector>

#include "agents/inner_loop.h"
#include "meta/communicator.h"
#include "meta/finite.h"
#include "meta/meta_state.h"
#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {

// What came of one iteration.
struct IterationResult {
  IterationFacts facts;
  std::vector<double> validation;  // see Validate; empty where none was due
};

// What rank 0 does about it; what the other ranks are, and decide, does not matter.
class TrainingDirector {
 public:
  virtual ~TrainingDirector() = default;

  // Whether there is a first iteration.
  virtual bool Begins() { return false; }
  // Before each one.
  virtual void Starts() {}
  // After each adaptation that this rank makes in it; by any thread.
  virtual void Adapted() {}
  // After each one: whether there is another one. The other ranks wait for the answer.
  virtual bool GoesOn(const IterationResult& /*result*/) { return false; }
  // The same iteration, while the other ranks work on the next one.
  virtual void Record(const IterationResult& /*result*/) {}
  // Numbers ran away, and the loop ends. The state is the last one before.
  virtual void RunsAway(const RunawayError& /*error*/) {}
};

// Trains `state` by the experiment's options, on this rank.
void TrainOnRank(const Communicator& ranks, const Experiment& experiment, const InnerLoop& loop,
                 MetaState& state, TrainingDirector& director);

}  // namespace anole
