// How much memory a run takes at least, by the option that asks for it: told before anything is
// allocated, because the kernel would kill the process without a word.
#pragma once

#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "agents/network/gru.h"
#include "meta/trainer.h"

namespace anole {

struct MemoryNeed {
  std::string option;  // "inner.rollouts = 500000"
  double bytes = 0;
};

// Of a network, whatever is done with it. option: of its hidden layers.
MemoryNeed NetworkNeed(const std::string& option, const std::vector<std::int64_t>& hidden,
                       std::int64_t inputs, std::int64_t outputs);

// Of a gated recurrent unit.
MemoryNeed GruNeed(const GruShape& shape);

// Of an iteration of training on so many threads.
std::vector<MemoryNeed> TrainingNeeds(const InnerLoop& loop, const TrainerOptions& trainer,
                                      int threads);

// Throws UserError, which names the option that asks for most, where all of it together is more
// than this process may ever have.
void CheckMemory(const std::vector<MemoryNeed>& needs);

// What this process may have: of the machine (with its swap), its cgroup, and `ulimit` [bytes].
double MemoryLimit();

}  // namespace anole
