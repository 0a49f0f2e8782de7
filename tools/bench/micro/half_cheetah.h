// What the microbenchmarks work on: half-cheetah's sizes, a policy, and the steps of a batch.
#pragma once

#include "agents/network/policy.h"

namespace anole::bench {

inline constexpr Eigen::Index kObservations = 17, kActions = 6;

// Two hidden layers of `hidden`.
inline ControlPolicy<float> MakePolicy(std::int64_t hidden) {
  const PolicyShape shape{MlpShape(kObservations, {hidden, hidden}, kActions)};
  Rng rng = Address().Open(Purpose::kInit);
  return {shape,
          shape.network.InitialParams(rng, 1),
          Vector::Constant(kActions, -0.5),
          {Vector::Zero(kObservations), Vector::Ones(kObservations)}};
}

}  // namespace anole::bench
