// What of an export's policy.json it takes to find the run that it is of, and its parameters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "envs/linear_algebra.h"
#include "tools/run/open_request.h"

namespace anole::exports {

struct PolicyRecord {
  std::filesystem::path run;
  OpenRequest opened;                   // how
  std::string goal;                     // as --goal takes it; empty: none
  std::string signature;                // of what was learned
  std::optional<std::int64_t> updates;  // that it is adapted by; nothing: it is yet to adapt
  Vector parameters;                    // of the policy
  std::vector<std::pair<std::string, std::string>> files;  // and their fingerprints
};

// Throws UserError where the folder has no policy.json that `anole export` wrote.
PolicyRecord ReadPolicyRecord(const std::filesystem::path& folder);

}  // namespace anole::exports
