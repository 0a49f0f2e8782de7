// The running log of a run: every iteration's metrics, in each of the formats that people read.
#pragma once

#include "tools/run/logs/metrics.h"
#include "tools/run/logs/metrics_log.h"
#include "tools/run/logs/tensorboard/event_file.h"
#include "tools/run/run_directory.h"

namespace anole {

class RunLog {
 public:
  // Goes on after `state`: what was logged of later iterations is dropped. config: the text of
  // config.toml, which TensorBoard shows beside the curves.
  RunLog(const RunDirectory& directory, const MetaState& state, const std::string& config);

  void Write(const MetricsRow& row);

  // Returns when the rows would survive a power cut: before the checkpoint that comes after them,
  // or a resumed run would have a gap.
  void Sync();

  // CPU time of the calling threads spent in here so far [s].
  double cpu_seconds() const { return cpu_seconds_; }

 private:
  MetricsLog metrics_;
  EventFile events_;
  double cpu_seconds_ = 0;
};

}  // namespace anole
