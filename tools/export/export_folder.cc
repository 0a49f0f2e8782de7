#include "tools/export/export_folder.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "configs/user_error.h"
#include "tools/export/export_format.h"
#include "tools/export/policy_json.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/file_blocks.h"
#include "tools/run/files/made_folders.h"
#include "tools/run/files/scratch_folder.h"
#include "tools/run/logs/metrics_log.h"
#include "tools/run/output_file.h"
#include "tools/run/process/interrupt.h"

namespace anole::exports {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// The returns of the run's last iteration, where the parameters are of that.
void AddReturns(const Run& run, Json& training) try {
  if (!fs::exists(run.directory().metrics())) return;
  const MetricsTable metrics = ReadMetrics(run.directory().metrics());
  if (metrics.rows.size() != static_cast<std::size_t>(run.state().iteration)) return;
  for (std::size_t i = 0; !metrics.rows.empty() && i < metrics.names.size(); ++i) {
    const std::string& name = metrics.names[i];
    const double value = metrics.rows.back()[i];
    if ((name == "return/before" || name == "return/after") && std::isfinite(value)) {
      training["last_" + name] = value;
    }
  }
} catch (const UserError&) {
  return;  // a damaged file tells nothing
}

// Without a slash at its end.
fs::path Whole(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

}  // namespace

void CheckExportFolder(const fs::path& folder) {
  const std::string flag = "--out=" + folder.string();
  if (folder.empty()) throw UserError(flag + ": must name a folder");
  CheckWritable(Whole(folder), flag);
  if (fs::exists(folder)) throw UserError(flag + ": exists; choose another name or remove it");
}

void WriteExport(const ExportedPolicy& policy, const OpenRequest& opened,
                 const std::vector<std::string>& formats, const fs::path& folder) {
  CheckExportFolder(folder);
  const InterruptGuard interrupts("");  // it takes no time worth an answer
  const fs::path whole = Whole(folder);
  MadeFolders parents;
  parents.Make(fs::absolute(whole).parent_path());
  const ScratchFolder unfinished(whole);
  Json json = PolicyJson(policy);
  Json& training = json["training"];
  training["path"] = fs::absolute(policy.run->directory().path()).lexically_normal().string();
  training["theta"] = opened.parameters;
  training["options"] = Json::object();
  for (const auto& [name, value] : opened.options) training["options"][name] = value;
  AddReturns(*policy.run, training);
  for (const std::string& format : formats) {
    ExportFormats().at(format).write(policy, unfinished.path());
  }
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(unfinished.path())) files.insert(entry.path());
  json["files"] = Json::object();
  for (const fs::path& file : files) {
    json["files"][file.filename().string()] = FingerprintOfFile(file).value();
  }
  WriteWholeFile(unfinished.path() / kPolicyFile, json.dump() + "\n");
  fs::permissions(unfinished.path(),
                  fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                      fs::perms::others_exec,
                  fs::perm_options::add);
  fs::rename(unfinished.path(), whole);
  parents.Keep();
}

}  // namespace anole::exports
