// How long a number that tasks or episodes differ in stays as it is.
#pragma once

#include "configs/words.h"

namespace anole {

// It is a row of the task, or drawn anew in each episode.
enum class Lifetime { kTask, kEpisode };

constexpr auto WordsOf(Lifetime) {
  return Words<Lifetime>({{Lifetime::kTask, "task"}, {Lifetime::kEpisode, "episode"}});
}

}  // namespace anole
