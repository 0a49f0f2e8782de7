// The rows of Adaptation::facts that tell of episodes and policy updates, after those that every
// inner loop reports. A column is of one batch.
#pragma once

#include <span>
#include <vector>

#include "agents/control/advantages.h"
#include "agents/control/episode.h"
#include "agents/control/inner_learner.h"
#include "agents/inner_loop.h"
#include "agents/network/policy.h"
#include "envs/linear_algebra.h"

namespace anole {

// What they are is said by ControlFacts.
enum ControlFact {
  kLengthFact = kSharedFacts,
  kDivergedFact,
  kTerminatedFact,
  kGradientNormFact,
  kStepNormFact,
  kRefusedFact,
  kKlFact,
  kEntropyFact,
  kLogStdFact,
  kExplainedVarianceFact,
  kClippedFact,
  kControlFacts
};

// All rows, those that are shared first.
std::vector<Column> ControlFacts();

// Mean over episodes.
double MeanReturn(std::span<const Episode> episodes);

// All control steps, [environment steps].
std::int64_t CountSteps(std::span<const Episode> episodes);

// What is known of a batch once it is sampled with `policy`. facts: (kControlFacts)
void TellBatch(std::span<const Episode> episodes, const FamilySpec& spec,
               const ControlPolicy<float>& policy, VectorOut facts);

// Mean over tasks.
void TellBaseline(std::span<const Samples> samples, VectorOut facts);

// Of an update from the policy `before` to `after`, which learned from `samples`.
void TellUpdate(const UpdateStats& update, const ControlPolicy<float>& before,
                const ControlPolicy<float>& after, std::span<const Samples> samples,
                VectorOut facts);

}  // namespace anole
