// The running log of a run: every iteration's metrics, in each of the formats that people read.
#pragma once

#include <memory>
#include <vector>

#include "tools/run/logs/metrics.h"
#include "tools/run/logs/metrics_format.h"

namespace anole {

class RunLog {
 public:
  explicit RunLog(const MetricsStart& start);

  void Write(const MetricsRow& row);

  // Returns when the rows would survive a power cut: before the checkpoint that comes after them,
  // or a resumed run would have a gap.
  void Sync();

  // CPU time of the calling threads spent in here so far [s].
  double cpu_seconds() const { return cpu_seconds_; }

 private:
  std::vector<std::unique_ptr<MetricsFormat>> formats_;
  double cpu_seconds_ = 0;
};

}  // namespace anole
