#include "tools/run/logs/health_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/run/logs/log.h"

namespace anole {

HealthWatch::HealthWatch(const RunHistory& history, std::vector<OptionDescription> options)
    : history_(history), options_(std::move(options)) {
  for (const StoredWarning& warning : history.warnings()) {
    told_[warning.kind].over = warning.over.has_value();
  }
}

void HealthWatch::Observe(const MetricsRow& row, std::int64_t iteration) {
  if (rows_.size() == kHealthRows) rows_.erase(rows_.begin());
  rows_.push_back(row);
  const std::vector<HealthWarning> warnings = Diagnose(rows_, options_);
  for (const HealthWarning& warning : warnings) {
    const auto [kind, is_new] = told_.try_emplace(warning.kind);
    kind->second.rows_without = 0;
    if (is_new) {
      LogWarning(fmt::format("iteration {}: {}", iteration, warning.text));
      history_.Warn(warning, iteration);
    } else if (std::exchange(kind->second.over, false)) {
      history_.EndWarning(warning.kind, {});
    }
  }
  for (auto& [name, kind] : told_) {
    if (kind.over || std::ranges::count(warnings, name, &HealthWarning::kind) > 0) continue;
    kind.over = ++kind.rows_without == kOverAfter;
    if (kind.over) history_.EndWarning(name, iteration);
  }
}

}  // namespace anole
