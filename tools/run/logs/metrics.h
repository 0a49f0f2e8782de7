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

// Every column that a run may have, in their order; K stands for a number of updates. spec: of an
// inner loop, of which only score, rolls_out and facts are looked at.
std::vector<Column> MetricsColumns(const InnerLoopSpec& spec);

// The column that `name` is one of: "return/after_3" of "return/after_K". Null where there is none.
const Column* FindColumn(const std::vector<Column>& columns, const std::string& name);

// All but validation and the time that it took. state: after the iteration.
MetricsRow Metrics(const MetaState& state, const InnerLoopSpec& spec, const IterationFacts& facts);

}  // namespace anole
