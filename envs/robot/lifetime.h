// How long a number that tasks or episodes differ in stays as it is.
#pragma once

#include "configs/words.h"
#include "envs/phased_range.h"

namespace anole {

// It is a row of the task, or drawn anew in each episode.
enum class Lifetime { kTask, kEpisode };

inline Growth GrowthOf(Lifetime per) {
  return per == Lifetime::kTask ? Growth::kTasks : Growth::kIterations;
}

constexpr auto WordsOf(Lifetime) {
  return Words<Lifetime>({{Lifetime::kTask, "task"}, {Lifetime::kEpisode, "episode"}});
}

}  // namespace anole
