// The figures of a meta-iteration, by which one sees how training goes, and why.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/meta_state.h"
#include "meta/trainer.h"

namespace anole {

// Named values in the order of the columns; NaN where there is no number. The names of a run are
// the same in all its rows. Slashes are how TensorBoard groups them.
using MetricsRow = std::vector<std::pair<std::string, double>>;

// What samples are called in a column: "env_steps" or, of tasks that are learned from data,
// "examples".
std::string SamplesColumn(bool rolls_out);

// All but validation and the time that it took. state: after the iteration.
//
//   return/before, return/after_K, return/after   mean over tasks, on the batch after K updates
//   return/after_spread                           standard deviation between tasks
//   meta/direction_norm                           of the meta gradient
//   meta/step_norm, meta/kl                       of the outer step, see IterationFacts
//   meta/adapted_distance, meta/adapted_cosine    see IterationFacts
//   inner/NAME                                    of the inner loop, means over the updates
//   kl/update_K, gradient_norm/update_K           of the K-th update, from 1 on
//   step_multiplier/update_K                      learned, mean over layers
MetricsRow Metrics(const MetaState& state, const InnerLoopSpec& spec, const IterationFacts& facts);

}  // namespace anole
