// The guard for numbers in training: an iteration that would store parameters, context or optimiser
// memory that are not finite throws instead, and the state before it stays as it was. So does one
// whose outer step would throw a policy far away: what comes after that is finite for a while, but
// not worth going on from.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "agents/inner_loop.h"
#include "meta/meta_state.h"

namespace anole {

class RunawayError : public std::runtime_error {
 public:
  // Whose steps made the number.
  enum class From { kAdaptation, kOuterStep, kContext };

  // what: "theta would not be finite"; iteration: the one that was being done, from 1 on; part: of
  // theta, in which most of it happened ("critic", the beginning of its blocks' names); empty: not
  // known, or theta has but one.
  RunawayError(From from, const std::string& what, std::int64_t iteration, std::string part = "");

  From from() const { return from_; }
  std::int64_t iteration() const { return iteration_; }
  const std::string& part() const { return part_; }

 private:
  From from_;
  std::int64_t iteration_;
  std::string part_;
};

// All of these throw RunawayError. state, `before`: that of the iteration's beginning.
// What the tasks have learned: parameters and, where asked for, their gradients.
void CheckFinite(std::span<const Adaptation> batch, const Layout& layout, const MetaState& state);
// What the outer step has made of `before`: theta, the optimiser's memory, the meta gradient's
// norm.
void CheckOuterStep(const MetaState& after, const MetaState& before);
// The outer step's length, where theta is of a policy. step: (parameters); adapted_distance: mean
// length of what the tasks have learned.
void CheckStepLength(VectorIn step, double adapted_distance, const Layout& layout,
                     const MetaState& before);
// How far the outer step moves the adapted policies [nats], where that is measured.
void CheckOuterKl(double kl, const MetaState& before);
void CheckContext(VectorIn context, const Layout& layout, const MetaState& before);

}  // namespace anole
