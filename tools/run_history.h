// meta.json and command.txt: every start of a run, by which program, on which machine, and how it
// ended.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "agents/inner_loop.h"

namespace anole {

// What meta.json holds of the starts; empty where there is none, or where it is damaged: it is for
// people, and no run depends on it.
nlohmann::ordered_json ReadStarts(const std::filesystem::path& meta);

// Of one start. Throws std::filesystem::filesystem_error where it cannot write.
class RunHistory {
 public:
  // Adds a start to the files in `run`. threads: of each rank.
  RunHistory(const std::filesystem::path& run, const MetaState& state, std::int64_t seed,
             int threads, int ranks);

  // Completes it. ended: "finished", "interrupted" ...; one that was killed stays "running".
  void End(const MetaState& state, const std::string& ended, double log_cpu_share) const;

 private:
  std::filesystem::path meta_;
};

}  // namespace anole
