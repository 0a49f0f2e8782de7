// Steps of several episodes side by side that do not lose where each one ends: a policy that
// remembers goes through every episode from its start.
#pragma once

#include <cstdint>
#include <span>

#include "envs/linear_algebra.h"

namespace anole {

struct Sequences {
  MatrixIn observations;                  // (observation_dim x steps), raw
  std::span<const std::int64_t> lengths;  // of the episodes, in order; none: it is a single one

  // Both outlive this.
  template <class Derived>
  Sequences(const Eigen::DenseBase<Derived>& steps,  // NOLINT(misc-explicit-constructor)
            std::span<const std::int64_t> episode_lengths = {})
      : observations(steps.derived()), lengths(episode_lengths) {}
};

}  // namespace anole
