#include "tools/run/logs/run_log.h"

#include <fmt/format.h>

#include <cstdint>
#include <ctime>
#include <utility>

namespace anole {
namespace {

// Adds the CPU time of this thread during its life to `total`.
class CpuTimer {
 public:
  explicit CpuTimer(double& total) : total_(total), start_(Now()) {}
  ~CpuTimer() { total_ += Now() - start_; }
  CpuTimer(const CpuTimer&) = delete;
  CpuTimer& operator=(const CpuTimer&) = delete;

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }

  double& total_;
  double start_;
};

bool IsSamples(const std::string& name) { return name == "env_steps" || name == "examples"; }

bool IsAxis(const std::string& name) { return name == "iteration" || IsSamples(name); }

}  // namespace

RunLog::RunLog(const RunDirectory& directory, const MetaState& state, const std::string& config)
    : metrics_(directory.metrics(), directory.metrics_json(), state.iteration),
      events_(directory.path(), state.samples + 1) {
  events_.WriteText("config", fmt::format("```toml\n{}```\n", config), state.samples);
}

void RunLog::Write(const MetricsRow& row) {
  const CpuTimer timer(cpu_seconds_);
  metrics_.Write(row);
  MetricsRow scalars;
  std::int64_t step = 0;
  for (const auto& [name, value] : row) {
    if (IsSamples(name)) step = static_cast<std::int64_t>(value);
    if (!IsAxis(name)) scalars.emplace_back(name, value);
  }
  events_.WriteScalars(step, scalars);
}

void RunLog::Sync() {
  const CpuTimer timer(cpu_seconds_);
  metrics_.Sync();
}

}  // namespace anole
