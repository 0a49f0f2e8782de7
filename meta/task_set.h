// Which tasks there are: few that are gone through in turn, or ever new ones.
#pragma once

#include <cstdint>

#include "agents/inner_loop.h"
#include "envs/linear_algebra.h"

namespace anole {

// The different columns of `tasks`, in the order of their first places.
Matrix DistinctTasks(MatrixIn tasks);

// (task parameters x tasks): all tasks of a phase where they are a list that is gone through in
// turn (two directions, task.fixed, a range of no width). No columns where each seed draws tasks of
// its own.
Matrix ListedTasks(const InnerLoop& loop, Phase phase);

// How many of `tasks` are trained on by whoever trains with `training`. Tasks that are drawn are
// never met again.
std::int64_t CountTrainedOn(const InnerLoop& training, MatrixIn tasks);

}  // namespace anole
