#include "envs/task_family.h"

namespace anole {

Matrix SampleTasks(const TaskFamily& family, std::uint64_t seed, Phase phase, const Slice& slice) {
  return SampleColumns(seed, phase, slice,
                       [&](Rng& rng, const TaskPlace& place) { return family.Sample(rng, place); });
}

}  // namespace anole
