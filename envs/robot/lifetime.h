// How long a number that tasks or episodes differ in stays as it is.
#pragma once

#include <vector>

#include "configs/words.h"
#include "envs/phased_range.h"

namespace anole {

// It is a row of the task, or drawn anew in each episode.
enum class Lifetime { kTask, kEpisode };

inline Growth GrowthOf(Lifetime per) {
  return per == Lifetime::kTask ? Growth::kTasks : Growth::kIterations;
}

// Of options that are visited: both, where everything is.
inline std::vector<Growth> GrowthsOf(Lifetime per, bool everything) {
  if (everything) return {Growth::kTasks, Growth::kIterations};
  return {GrowthOf(per)};
}

constexpr auto WordsOf(Lifetime) {
  return Words<Lifetime>({{Lifetime::kTask, "task"}, {Lifetime::kEpisode, "episode"}});
}

}  // namespace anole
