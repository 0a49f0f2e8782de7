// The distributions that noise of a robot's task file may have.
#pragma once

#include "configs/words.h"

namespace anole {

enum class NoiseKind { kNormal, kUniform };

constexpr auto WordsOf(NoiseKind) {
  return Words<NoiseKind>({{NoiseKind::kNormal, "normal"}, {NoiseKind::kUniform, "uniform"}});
}

}  // namespace anole
