#include "tools/run/run_directory.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <vector>

#include "configs/user_error.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/made_folders.h"
#include "tools/run/output_file.h"
#include "tools/run/run_task.h"
#include "tools/run/shell_text.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// Whether `name` is that of a file or folder of a run.
bool BelongsToRun(const std::string& name) {
  static constexpr std::array kNames = {kConfigFile,   kCommandFile,       kMetaFile,
                                        kMetricsFile,  kMetricsJsonFile,   kLogFile,
                                        kLockFile,     kCheckpointsFolder, kEvaluationsFolder,
                                        kVideosFolder, kTaskFolder};
  const auto is_called = [&](const char* known) {
    return name == known || name == known + std::string(kUnfinishedSuffix);
  };
  return std::ranges::any_of(kNames, is_called) || name.starts_with(kEventsPrefix);
}

// Whether `name`, in the folder `folder` of a run, is what this program puts there.
bool BelongsToFolder(const std::string& folder, const std::string& name) {
  if (folder == kEvaluationsFolder) return name.find(".json") != std::string::npos;
  if (folder == kVideosFolder) return name.starts_with("adaptation");
  return true;
}

// The first thing in a directory that is no part of a run, or "".
fs::path ForeignEntry(const fs::path& path) {
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string folder = entry.path().filename().string();
    if (!BelongsToRun(folder)) return entry.path();
    if (folder == kCheckpointsFolder || !fs::is_directory(entry.symlink_status())) continue;
    for (const fs::directory_entry& inner : fs::directory_iterator(entry.path())) {
      if (!BelongsToFolder(folder, inner.path().filename().string())) return inner.path();
    }
  }
  if (const fs::path added = AddedTaskFile(path); !added.empty()) return added;
  if (!fs::is_directory(path / kCheckpointsFolder)) return {};
  for (const fs::directory_entry& entry : fs::directory_iterator(path / kCheckpointsFolder)) {
    if (!Checkpoints::IsPart(entry.path())) return entry.path();
    if (!fs::is_directory(entry.symlink_status())) continue;
    for (const fs::directory_entry& inner : fs::directory_iterator(entry.path())) {
      if (!inner.path().filename().string().starts_with(kStateFile)) return inner.path();
    }
  }
  return {};
}

// Whether a directory is empty, or holds only what a run that was cut short before its first
// checkpoint has left: nobody loses anything when it is used for a new run. The lock tells that the
// files are a run's.
bool HoldsNothing(const fs::path& path) {
  if (!fs::is_directory(path) || !ForeignEntry(path).empty() ||
      !Checkpoints(path / kCheckpointsFolder).Files().empty()) {
    return false;
  }
  return std::ranges::all_of(fs::directory_iterator(path), [&](const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name == kEvaluationsFolder || name == kVideosFolder) return false;
    return name == kCheckpointsFolder || fs::exists(path / kLockFile);
  });
}

// Throws UserError where something in a run's folder is a link, but for those to checkpoints, or no
// ordinary file or folder: what it leads to is not the run's, neither to read nor to write, and a
// pipe may keep a reader waiting for ever.
void CheckAllOwn(const fs::path& path) {
  constexpr auto kAsFarAsMay = fs::directory_options::skip_permission_denied;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (BelongsToRun(entry.path().filename().string())) CheckOwn(entry.path());
  }
  const fs::path checkpoints = path / kCheckpointsFolder;
  if (fs::is_directory(checkpoints)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(checkpoints, kAsFarAsMay)) {
      if (Checkpoints::MayBeLink(entry.path()) || !Checkpoints::IsPart(entry.path())) continue;
      CheckOwn(entry.path());
      CheckOwn(entry.path() / kStateFile);
    }
  }
  if (const fs::path evaluations = path / kEvaluationsFolder; fs::is_directory(evaluations)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(evaluations, kAsFarAsMay)) {
      if (BelongsToFolder(kEvaluationsFolder, entry.path().filename().string())) {
        CheckOwn(entry.path());
      }
    }
  }
  if (const fs::path task = path / kTaskFolder; fs::is_directory(task)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(task, kAsFarAsMay)) {
      CheckOwn(entry.path());
    }
  }
}

// Throws UserError where what is there may not give way to a new run.
void CheckContents(const fs::path& path, bool overwrite) {
  if (HoldsNothing(path)) {
    CheckAllOwn(path);
    return;
  }
  if (!RunDirectory::IsOne(path)) {
    throw UserError(path.string() +
                    ": exists and is no run directory, so it is never overwritten; choose another "
                    "--run-dir");
  }
  if (!overwrite) {
    throw UserError(path.string() + ": the run exists; continue it with --resume " +
                    ShellPath(path) + ", replace it with --overwrite, or choose another --run-dir");
  }
  CheckAllOwn(path);
  const fs::path foreign = ForeignEntry(path);
  if (!foreign.empty()) {
    throw UserError(path.string() + ": is not overwritten, because " + foreign.string() +
                    " is no part of a run; move that away or choose another --run-dir");
  }
}

}  // namespace

void RunDirectory::CheckCreate(const fs::path& path, bool overwrite) try {
  if (path.empty()) throw UserError("--run-dir must name a folder");
  CheckNoDanglingLink(path, path.string());
  if (!fs::exists(path)) return;
  RunLock::Check(path);
  CheckContents(path, overwrite);
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": cannot be a run directory: " + error.code().message());
}

RunDirectory RunDirectory::Create(const fs::path& path, bool overwrite, const std::string& config,
                                  const KeptFiles* task) {
  CheckCreate(path, overwrite);
  RunDirectory directory(path);
  MadeFolders folders;
  try {
    folders.Make(path);
    directory.lock_.emplace(path);
    CheckContents(path, overwrite);  // again: another process may have been here until now
    folders.Make(path / kCheckpointsFolder);
    // First of all: what is to be copied may lie in the run that is replaced.
    const std::string unfinished_task = kTaskFolder + std::string(kUnfinishedSuffix);
    if (task != nullptr) KeepTask(*task, path / unfinished_task);
    // Of a run that is replaced, the checkpoints go first and the config last: wherever this is cut
    // short, what is left is no mixture of two runs.
    directory.checkpoints().RemoveAll();
    std::vector<fs::path> rest;
    for (const auto& entry : fs::directory_iterator(path)) rest.push_back(entry.path());
    for (const fs::path& entry : rest) {
      const std::string name = entry.filename().string();
      const bool is_task = task != nullptr && name == unfinished_task;
      if (BelongsToRun(name) && name != kConfigFile && name != kLockFile &&
          name != kCheckpointsFolder && !is_task) {
        fs::remove_all(entry);
      }
    }
    if (task != nullptr) fs::rename(path / unfinished_task, path / kTaskFolder);
    directory.WriteConfig(config);
    // The names of the folders that were made survive a power cut as well.
    Sync(path);
    for (const fs::path& made : folders.made()) Sync(made.parent_path());
    folders.Keep();
    return directory;
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    if (folders.Has(path) && directory.lock_) {  // nobody else's, for it is new and locked
      for (const char* file : {kConfigFile, kLockFile}) fs::remove(path / file, ignored);
      fs::remove_all(path / kTaskFolder, ignored);
      fs::remove_all(path / (kTaskFolder + std::string(kUnfinishedSuffix)), ignored);
    }
    throw UserError(path.string() + ": cannot create the run directory: " + error.code().message());
  }
}

bool RunDirectory::IsOne(const fs::path& path) {
  return fs::is_regular_file(path / kConfigFile) && fs::is_directory(path / kCheckpointsFolder);
}

std::optional<fs::path> RunDirectory::Owner(const fs::path& file) {
  std::error_code unknown;
  const fs::path place = fs::weakly_canonical(file, unknown);
  for (fs::path part = place; part.has_relative_path(); part = part.parent_path()) {
    const std::string name = part.filename().string();
    if (!BelongsToRun(name) || name == kEvaluationsFolder || name == kVideosFolder) continue;
    if (IsOne(part.parent_path())) return part.parent_path();
  }
  return std::nullopt;
}

RunDirectory RunDirectory::Open(const fs::path& path) try {
  if (!fs::exists(path)) throw UserError(path.string() + ": no such run directory");
  if (!IsOne(path)) {
    throw UserError(path.string() + ": no run directory (it has no config.toml and checkpoints/)");
  }
  CheckAllOwn(path);
  return RunDirectory(path);
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": cannot be opened: " + error.code().message());
}

RunDirectory RunDirectory::OpenToTrain(const fs::path& path) try {
  RunDirectory directory = Open(path);
  directory.lock_.emplace(path);
  return directory;
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": cannot be written to: " + error.code().message());
}

void RunDirectory::ReplaceTask(const KeptFiles& task) const {
  const fs::path unfinished = path_ / (kTaskFolder + std::string(kUnfinishedSuffix));
  KeepTask(task, unfinished);
  fs::remove_all(path_ / kTaskFolder);
  fs::rename(unfinished, path_ / kTaskFolder);
  Sync(path_);
}

std::optional<fs::path> RunDirectory::Moved() const {
  return lock_ ? lock_->Moved(path_) : std::nullopt;
}

std::string RunDirectory::name() const {
  const fs::path whole = fs::weakly_canonical(path_);
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

void RunDirectory::WriteConfig(const std::string& config) const {
  WriteWholeFile(this->config(), config);
}

}  // namespace anole
