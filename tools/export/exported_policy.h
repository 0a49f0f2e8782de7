// A policy as it leaves anole: what acts, how it learns, and numbers to check a copy by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agents/control/control_loop.h"
#include "agents/control/episode.h"
#include "agents/control/gradient_step.h"
#include "agents/inner_loop.h"
#include "tools/run/run.h"

namespace anole::exports {

inline constexpr std::int64_t kVectorEpisodes = 2, kVectorSteps = 24;  // of TestVectors::batch

// What a copy must reproduce.
struct TestVectors {
  Matrix observations;  // (observation_dim x vectors), of an episode
  // (action_dim x vectors): the mean action for each, met in this order by a policy that remembers
  Matrix actions;
  // So many episodes at most, each of so many steps, drawn by the policy; empty: none could be.
  std::vector<Episode> batch;
  Matrix parameters;  // (parameters x updates): after each of several updates, all of that batch
};

// How it learns outside anole.
struct Updates {
  GradientStepOptions step;
  double noise_ratio = 1;  // see UpdateContext
  Matrix multipliers;      // (layers x updates), of the step; later updates have the last column
  // What advantages are divided by; 0: the deviation of their batch.
  double advantage_scale = 0;

  // Of an update, from 0 on: (layers).
  Vector StepSizes(std::int64_t update) const;
};

// Of a run, which outlives it.
struct ExportedPolicy {
  const Run* run = nullptr;
  Learnable learned;                    // theta: what acts
  std::string goal;                     // that it was adapted to, as typed; empty: none, or unknown
  std::optional<std::int64_t> updates;  // by which it was adapted; nothing: it is yet to adapt
  std::optional<Updates> learning;      // nothing: it learns in anole only, for this reason:
  std::string no_learning;
  TestVectors vectors;

  const ControlLoop& loop() const { return *run->control_loop(); }
  const PolicyShape& shape() const { return loop().policy_shape(); }
  const FamilySpec& family() const { return loop().family().spec(); }
  auto params() const { return learned.theta.head(shape().size()); }
  ControlPolicy<float> policy() const { return loop().Policy(learned.theta, learned.context); }
  ObservationScale observations() const { return loop().context().Observations(learned.context); }
  // (action_dim): of the noise, effective.
  Vector log_std() const { return loop().context().LogStd(learned.context, params()); }
};

// Which parameters, and what is known of how they were adapted.
struct Source {
  Vector theta;
  std::string goal = {};                     // as typed; empty: none, or unknown
  std::optional<std::int64_t> updates = {};  // nothing: they are yet to adapt
};

// Throws UserError where the run's tasks are learned from data, and std::runtime_error where the
// parameters are not finite.
ExportedPolicy Export(const Run& run, Source source);

}  // namespace anole::exports
