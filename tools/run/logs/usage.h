// How busy the threads were in an iteration.
#pragma once

#include <cstdint>
#include <string>

#include "agents/inner_loop.h"
#include "envs/step_clock.h"
#include "meta/meta_state.h"
#include "tools/run/logs/metrics.h"

namespace anole {

// The iteration lasts from the construction to AppendTo.
class Usage {
 public:
  // Both outlive it; `state` is the one that the iteration changes.
  Usage(const StepClock& clock, const MetaState& state);

  // time/iteration_s, time/env_steps_per_s (where that is `samples`), and of what the threads could
  // have done in that time: time/simulation_share, spent in the simulator (estimated; other
  // processes that take the cores show in it), and time/idle_share, spent by nobody.
  void AppendTo(MetricsRow& row, const std::string& samples) const;

 private:
  struct Moment {
    double wall = 0, cpu = 0, simulated = 0;  // [s]
  };
  Moment Now() const;

  const StepClock& clock_;
  const MetaState& state_;
  Moment start_;
  std::int64_t samples_;
};

// CPU time of all threads of this process so far [s].
double CpuSeconds();

}  // namespace anole
