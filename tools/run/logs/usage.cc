#include "tools/run/logs/usage.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "agents/parallel_for.h"

namespace anole {

Usage::Usage(const StepClock& clock, const MetaState& state)
    : clock_(clock), state_(state), start_(Now()), samples_(state.samples) {}

void Usage::AppendTo(MetricsRow& row, const std::string& samples) const {
  const Moment now = Now();
  const double seconds = now.wall - start_.wall;
  const double available = seconds * CurrentThreads();
  row.emplace_back("time/iteration_s", seconds);
  row.emplace_back("time/" + samples + "_per_s",
                   static_cast<double>(state_.samples - samples_) / seconds);
  row.emplace_back("time/simulation_share", (now.simulated - start_.simulated) / available);
  row.emplace_back("time/idle_share", std::max(0., 1 - (now.cpu - start_.cpu) / available));
}

Usage::Moment Usage::Now() const {
  using Clock = std::chrono::steady_clock;
  return {std::chrono::duration<double>(Clock::now().time_since_epoch()).count(), CpuSeconds(),
          clock_.seconds()};
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace anole
