#include "tools/run/logs/run_log.h"

#include <ctime>

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

}  // namespace

RunLog::RunLog(const MetricsStart& start) : formats_(MakeMetricsFormats(start)) {}

void RunLog::Write(const MetricsRow& row) {
  const CpuTimer timer(cpu_seconds_);
  for (const auto& format : formats_) format->Write(row);
}

void RunLog::Sync() {
  const CpuTimer timer(cpu_seconds_);
  for (const auto& format : formats_) format->Sync();
}

}  // namespace anole
