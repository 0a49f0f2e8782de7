// inner.optimizer: what turns the gradient of an inner update into a step.
#pragma once

#include "configs/words.h"

namespace anole {

enum class InnerOptimizer { kSgd, kAdam };

constexpr auto WordsOf(InnerOptimizer) {
  return Words<InnerOptimizer>({{InnerOptimizer::kSgd, "sgd"}, {InnerOptimizer::kAdam, "adam"}});
}

}  // namespace anole
