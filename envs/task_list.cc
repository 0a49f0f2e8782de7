#include "envs/task_list.h"

namespace anole {

double StratifiedUniform(Rng& rng, double low, double high, const TaskPlace& place) {
  const double width = (high - low) / static_cast<double>(place.strata);
  const double start = low + width * static_cast<double>(place.index % place.strata);
  return rng.Uniform(start, start + width);
}

Matrix SampleColumns(std::uint64_t seed, Phase phase, const Slice& slice,
                     const std::function<Vector(Rng&, const TaskPlace&)>& sample) {
  Matrix tasks;
  for (std::int64_t i = 0; i < slice.count; ++i) {
    const std::int64_t index = slice.first + i;
    const Address address{.seed = seed,
                          .phase = phase,
                          .iteration = index % (Address::kMaxIteration + 1),
                          .task = index / (Address::kMaxIteration + 1)};
    Rng rng = address.Open(Purpose::kTask);
    const Vector task = sample(rng, {.index = index, .strata = slice.strata, .phase = phase});
    if (i == 0) tasks.resize(task.size(), slice.count);
    tasks.col(i) = task;
  }
  return tasks;
}

}  // namespace anole
