// meta.json and command.txt: every start of a run, by which program, on which machine, and how it
// ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/meta_state.h"
#include "tools/run/divergence.h"
#include "tools/run/logs/run_health.h"

namespace anole {

// What meta.json holds of the starts, each with its start, host, threads, end and ended; without
// those that are damaged: it is for people, and of a run only whether other steps may be tried
// depends on it (divergence.h).
nlohmann::ordered_json ReadStarts(const std::filesystem::path& meta);

// What a run was warned of, oldest first; see health_watch.h.
struct StoredWarning {
  std::string kind;
  std::int64_t iteration = 0;
  std::string text;
  std::optional<std::int64_t> over = {};  // the iteration by which it held no more; else it does
};
std::vector<StoredWarning> ReadWarnings(const std::filesystem::path& meta);

// Of one start. Throws std::filesystem::filesystem_error where it cannot write.
class RunHistory {
 public:
  // Adds a start to the files in `run`. threads: of each rank.
  RunHistory(const std::filesystem::path& run, const MetaState& state, std::int64_t seed,
             int threads, int ranks);

  // Adds a warning to it.
  void Warn(const HealthWarning& warning, std::int64_t iteration) const;
  // Of any start, the warnings of that kind: over by an iteration, or not over after all.
  void EndWarning(const std::string& kind, std::optional<std::int64_t> iteration) const;
  // Those of all starts.
  std::vector<StoredWarning> warnings() const;

  // Completes it. ended: "finished", "interrupted" ...; one that was killed stays "running".
  // samples: what those of `state` are called, by SamplesColumn.
  void End(const MetaState& state, const std::string& samples, const std::string& ended,
           double log_cpu_share, const std::optional<Divergence>& divergence) const;

 private:
  std::filesystem::path meta_;
};

}  // namespace anole
