// Watches a run for what its newest metrics tell (run_health.h) and warns of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/logs/run_health.h"
#include "tools/run/logs/run_history.h"

namespace anole {

// Of each kind the person is told once in a run. The history says for each whether it still holds:
// what comes and goes is over only after kOverAfter rows without it.
class HealthWatch {
 public:
  static constexpr std::size_t kOverAfter = 2 * kHealthRows;

  // The history outlives the watch. options: of the run.
  HealthWatch(const RunHistory& history, std::vector<OptionDescription> options);

  // row: of the iteration, the newest one.
  void Observe(const MetricsRow& row, std::int64_t iteration);

 private:
  struct Kind {
    bool over = false;
    std::size_t rows_without = 0;  // since it was seen last
  };

  const RunHistory& history_;
  std::vector<OptionDescription> options_;
  std::map<std::string, Kind> told_;
  std::vector<MetricsRow> rows_;  // the newest ones
};

}  // namespace anole
