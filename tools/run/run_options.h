// The options of a run beside what it trains: its seed, how it is stored and when it stops.
#pragma once

#include <cstdint>
#include <string>

#include "configs/option.h"
#include "tools/run/checkpoints.h"

namespace anole {

struct RunOptions {
  std::int64_t seed = 1;
  std::int64_t log_every = 0;
  std::int64_t checkpoint_every = 10;
  std::int64_t keep_last = Retention::kSpread, keep_every = 0;
  double max_seconds = 0;
  std::int64_t max_env_steps = 0;
  std::string initial;  // FILE of parameters to start from; empty: random
  bool any_family = false;

  Retention retention() const { return {keep_last, keep_every, checkpoint_every}; }

  // Whether the iteration with this number, from 1 on, has a row in the metrics. By its number
  // alone, so that the rows of a run do not depend on where it was stopped.
  bool IsLogged(std::int64_t iteration) const;

  static void Describe(VisitOf<RunOptions> visit);
};

}  // namespace anole
