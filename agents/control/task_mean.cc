#include "agents/control/task_mean.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "agents/parallel_for.h"

namespace anole {
namespace {

bool IsEmpty(const Samples& task) { return task.advantages.size() == 0; }

}  // namespace

bool HasSamples(std::span<const Samples> tasks) { return !std::ranges::all_of(tasks, IsEmpty); }

Vector TaskMean(std::span<const Samples> tasks, std::int64_t size,
                const std::function<Vector(const Samples&)>& value) {
  std::vector<Vector> values(tasks.size(), Vector::Zero(size));
  ParallelFor(static_cast<std::int64_t>(tasks.size()), [&](std::int64_t i) {
    const auto task = static_cast<std::size_t>(i);
    if (!IsEmpty(tasks[task])) values[task] = value(tasks[task]);
  });
  for (std::size_t i = 1; i < values.size(); ++i) values[0] += values[i];
  return values.size() == 1 ? values[0] : values[0] / static_cast<double>(tasks.size());
}

}  // namespace anole
