// All that changes during a run, and the one list of its fields: checkpoints and messages between
// ranks are both made from it.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "agents/inner_loop.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

// What validation has found so far.
struct BestScore {
  double score = std::numeric_limits<double>::quiet_NaN();  // NaN: nothing was validated yet
  std::int64_t iteration = 0;
  std::int64_t validations_since = 0;  // none of which was better
};

// A checkpoint is this struct, so resuming is exact.
struct MetaState : Learnable {
  Vector optimizer;          // the outer optimiser's own memory
  std::int64_t samples = 0;  // environment steps, or examples, consumed so far
  double direction_norm = std::numeric_limits<double>::infinity();  // of the last meta gradient
  BestScore best;
  Vector average;  // of theta over iterations, as long as theta; empty: meta.average asks for none

  MetaState() = default;
  // Where a run begins.
  MetaState(Learnable initial)  // NOLINT(misc-explicit-constructor): all there is to it
      : Learnable(std::move(initial)) {}
};

// What a run has learned, to be adapted: the average of theta where one is kept, which is steadier
// than theta itself.
inline Learnable Learned(const MetaState& state) {
  Learnable learned = static_cast<const Learnable&>(state);
  if (state.average.size() > 0) learned.theta = state.average;
  return learned;
}

// What there is to know of a field beside its name and type.
struct StateField {
  std::vector<Block> Layout::* blocks = nullptr;  // that a vector of parameters is made of
  // Older versions wrote files without it: what a fresh state has then holds. So it must be of
  // every new field. A vector of this kind is not written where it is empty.
  bool may_lack = false;
  std::int64_t most = std::int64_t{1} << 53;  // of a count; what a metric can tell exactly
};

inline constexpr const char* kOptimizerField = "outer_optimizer";
inline constexpr const char* kAverageField = "average";

// visit(name, value, field) of each field, in the order in which files have them. value: a Vector,
// a std::int64_t (a count) or a double, const where `state` is. Names are those of tensors
// (README.md), but for parameters, whose tensors are named by their blocks.
template <class State, class Visit>
void VisitFields(State& state, const Visit& visit) {
  visit("theta", state.theta, StateField{.blocks = &Layout::theta});
  visit("context", state.context, StateField{.blocks = &Layout::context});
  visit(kOptimizerField, state.optimizer, StateField{});
  visit("iteration", state.iteration, StateField{.most = Address::kMaxIteration});
  visit("samples", state.samples, StateField{});
  visit("direction_norm", state.direction_norm, StateField{.may_lack = true});
  visit("best/score", state.best.score, StateField{.may_lack = true});
  visit("best/iteration", state.best.iteration, StateField{.may_lack = true});
  visit("best/validations_since", state.best.validations_since, StateField{.may_lack = true});
  visit(kAverageField, state.average, StateField{.may_lack = true});
}

}  // namespace anole
