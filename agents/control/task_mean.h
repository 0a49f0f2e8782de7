// How the batches of tasks that are learned at once become one: each task counts alike, however
// many steps it has, and one without any, because all its episodes diverged, counts as 0.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "agents/control/advantages.h"
#include "envs/linear_algebra.h"

namespace anole {

bool HasSamples(std::span<const Samples> tasks);  // does any task?

// (size): mean over tasks of value(task), which is asked of tasks with samples only. Parallel over
// tasks, summed in their order.
Vector TaskMean(std::span<const Samples> tasks, std::int64_t size,
                const std::function<Vector(const Samples&)>& value);

}  // namespace anole
