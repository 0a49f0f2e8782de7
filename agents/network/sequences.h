// Steps of several episodes side by side that do not lose where each one ends: a policy that
// remembers goes through every episode from its start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

#include "envs/linear_algebra.h"

namespace anole {

struct Sequences {
  MatrixIn observations;                  // (observation_dim x steps), raw
  std::span<const std::int64_t> lengths;  // of the episodes, in order; none: it is a single one
  // What a policy remembers at the start of an episode is nothing; so an "episode" here may be a
  // trial, several episodes that a policy goes through without forgetting.

  // Both outlive this.
  template <class Derived>
  Sequences(const Eigen::DenseBase<Derived>& steps,  // NOLINT(misc-explicit-constructor)
            std::span<const std::int64_t> episode_lengths = {})
      : observations(steps.derived()), lengths(episode_lengths) {}

  std::int64_t count() const { return lengths.empty() ? 1 : std::ssize(lengths); }
  std::int64_t length(std::int64_t i) const {
    return lengths.empty() ? observations.cols() : lengths[static_cast<std::size_t>(i)];
  }
};

}  // namespace anole
