#include "tools/run_history.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "tools/durable_file.h"
#include "tools/provenance.h"
#include "tools/run_files.h"

namespace anole {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void WriteStarts(const fs::path& meta, const Json& starts) {
  WriteWholeFile(meta, Json{{"starts", starts}}.dump(2) + "\n");
}

}  // namespace

Json ReadStarts(const fs::path& meta) {
  const Json json = Json::parse(std::ifstream(meta), nullptr, /*allow_exceptions=*/false);
  const bool is_whole = json.is_object() && json.contains("starts") && json["starts"].is_array();
  return is_whole ? json["starts"] : Json::array();
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

  errno = 0;
  std::ofstream file(run / kCommandFile, std::ios::app);
  file << command << '\n' << std::flush;
  if (!file) {
    throw fs::filesystem_error("cannot write", run / kCommandFile,
                               {errno, std::generic_category()});
  }
}

void RunHistory::End(const MetaState& state, const std::string& ended, double log_cpu_share) const {
  Json starts = ReadStarts(meta_);
  if (starts.empty()) return;  // somebody took the file away
  starts.back().update({{"end", UtcTime()},
                        {"ended", ended},
                        {"iteration", state.iteration},
                        {"env_steps", state.samples},
                        {"log_cpu_share", log_cpu_share}});
  WriteStarts(meta_, starts);
}

}  // namespace anole
