#include "tools/run/logs/run_history.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tools/run/files/durable_file.h"
#include "tools/run/files/json_file.h"
#include "tools/run/process/provenance.h"
#include "tools/run/run_files.h"

namespace anole {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kMaxBytes = 64'000'000;  // of some ten thousand starts

// Whether all is there, and of its kind, that is told of a start.
bool IsStart(const Json& start) {
  const auto is_text = [&](const char* key) {
    return start.contains(key) && start[key].is_string();
  };
  return start.is_object() && is_text("start") && is_text("host") && is_text("ended") &&
         start.contains("threads") && start["threads"].is_number_integer() &&
         start.contains("end") && (start["end"].is_null() || start["end"].is_string());
}

void WriteStarts(const fs::path& meta, const Json& starts) {
  WriteWholeFile(meta, Json{{"starts", starts}}.dump(2) + "\n");
}

}  // namespace

Json ReadStarts(const fs::path& meta) {
  const Json json = ReadJson(meta, kMaxBytes);
  Json starts = Json::array();
  if (!json.is_object() || !json.contains("starts") || !json["starts"].is_array()) return starts;
  for (const Json& start : json["starts"]) {
    if (IsStart(start)) starts.push_back(start);
  }
  return starts;
}

std::vector<StoredWarning> ReadWarnings(const fs::path& meta) {
  std::vector<StoredWarning> warnings;
  for (const Json& start : ReadStarts(meta)) {
    if (!start.is_object() || !start.contains("warnings")) continue;
    for (const Json& warning : start["warnings"]) {
      try {
        warnings.push_back({warning.at("kind").get<std::string>(),
                            warning.at("iteration").get<std::int64_t>(),
                            warning.at("text").get<std::string>()});
        if (warning.contains("over")) {
          warnings.back().over = warning["over"].get<std::int64_t>();
        }
      } catch (const Json::exception&) {
        continue;  // not as this program writes it
      }
    }
  }
  return warnings;
}

RunHistory::RunHistory(const fs::path& run, const MetaState& state, std::int64_t seed, int threads,
                       int ranks)
    : meta_(run / kMetaFile) {
  const std::string command = CommandText();
  Json start = {{"command", command},
                {"folder", fs::current_path().string()},
                {"seed", seed},
                {"threads", threads},
                {"ranks", ranks}};
  start.update(ProgramFacts());
  start.update(MachineFacts());
  start.update({{"process", getpid()},
                {"start", UtcTime()},
                {"from_iteration", state.iteration},
                {"end", nullptr},
                {"ended", "running"}});
  Json starts = ReadStarts(meta_);
  starts.push_back(start);
  WriteStarts(meta_, starts);

  AppendFile(run / kCommandFile).Write(command + "\n");
}

void RunHistory::Warn(const HealthWarning& warning, std::int64_t iteration) const {
  Json starts = ReadStarts(meta_);
  if (starts.empty() || !starts.back().is_object()) return;  // somebody took the file away
  starts.back()["warnings"].push_back(
      {{"kind", warning.kind}, {"iteration", iteration}, {"text", warning.text}});
  WriteStarts(meta_, starts);
}

void RunHistory::EndWarning(const std::string& kind, std::optional<std::int64_t> iteration) const {
  Json starts = ReadStarts(meta_);
  for (Json& start : starts) {
    if (!start.contains("warnings") || !start["warnings"].is_array()) continue;
    for (Json& warning : start["warnings"]) {
      if (!warning.is_object() || warning.value("kind", Json()) != kind) continue;
      warning.erase("over");
      if (iteration) warning["over"] = *iteration;
    }
  }
  if (!starts.empty()) WriteStarts(meta_, starts);
}

std::vector<StoredWarning> RunHistory::warnings() const { return ReadWarnings(meta_); }

void RunHistory::End(const MetaState& state, const std::string& samples, const std::string& ended,
                     double log_cpu_share, const std::optional<Divergence>& divergence) const {
  Json starts = ReadStarts(meta_);
  if (starts.empty()) return;  // somebody took the file away
  starts.back().update({{"end", UtcTime()},
                        {"ended", ended},
                        {"iteration", state.iteration},
                        {samples, state.samples},
                        {"log_cpu_share", log_cpu_share}});
  if (divergence) {
    starts.back()["diverged"] = {{"iteration", divergence->iteration},
                                 {"reason", divergence->reason}};
  }
  WriteStarts(meta_, starts);
}

}  // namespace anole
