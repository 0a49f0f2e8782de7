#include "agents/control/inner_learner.h"

#include <utility>

#include "agents/control/task_mean.h"

namespace anole {

UpdateStats InnerLearner::Begin(Vector gradient, std::span<const Samples> samples) {
  const bool usable = HasSamples(samples) && gradient.allFinite();
  return {.gradient = std::move(gradient), .direction = {}, .refused = !usable};
}

}  // namespace anole
