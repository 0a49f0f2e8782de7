// meta.json: the starts of a run, and what it was warned of.
#include <nlohmann/json.hpp>

#include "tests/fuzz/harness.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/run_files.h"

namespace anole::fuzz {
namespace {

void FuzzHistory(std::string_view input) {
  const std::filesystem::path meta =
      Write((std::filesystem::path("history") / kMetaFile).string(), input);
  ReadStarts(meta).dump();
  ReadWarnings(meta);
  MetaState state;
  const RunHistory history(meta.parent_path(), state, 1, 1, 1);
  history.Warn({.kind = "kl", .text = "far"}, 3);
  history.EndWarning("kl", 4);
  history.End(state, "env_steps", "finished", 0.1, std::nullopt);
  const auto starts = ReadStarts(meta);
  Require(!starts.empty() && starts.back()["ended"] == "finished", "a start was not noted");
  Require(!ReadWarnings(meta).empty(), "a warning was not noted");
}

const RegisterHarness registration("history", {FuzzHistory});

}  // namespace
}  // namespace anole::fuzz
