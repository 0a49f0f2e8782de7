#include "tools/run_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "meta/checkpoint.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfigFile = "config.toml";
constexpr const char* kMetricsFile = "metrics.csv";
constexpr const char* kCheckpointsFolder = "checkpoints";
constexpr std::array<const char*, 2> kProductFolders = {"eval", "videos"};
constexpr const char* kStateFile = "state.safetensors";
constexpr std::string_view kStatePrefix = "step_", kUnfinishedPrefix = "tmp_",
                           kUnfinishedSuffix = ".tmp";

// Whether a directory is empty, or holds only what a Create that was cut short has left.
bool HoldsNothing(const fs::path& path) {
  if (!fs::is_directory(path)) return false;
  return std::ranges::all_of(fs::directory_iterator(path), [](const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    return (name == kCheckpointsFolder && entry.is_directory() && fs::is_empty(entry.path())) ||
           name == kConfigFile + std::string(kUnfinishedSuffix);
  });
}

bool IsProductFolder(const std::string& name) {
  return std::ranges::find(kProductFolders, name) != kProductFolders.end();
}

// The first thing in a run directory that is no part of a run, or "".
fs::path ForeignEntry(const fs::path& path) {
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name != kConfigFile && name != kConfigFile + std::string(kUnfinishedSuffix) &&
        name != kMetricsFile && name != kCheckpointsFolder && !IsProductFolder(name)) {
      return entry.path();
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path / kCheckpointsFolder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kStatePrefix) && !name.starts_with(kUnfinishedPrefix)) {
      return entry.path();
    }
  }
  return {};
}

// The outermost of the folders that are still missing on the way to `path`, or "".
fs::path FirstMissing(const fs::path& path) {
  fs::path folder;
  for (const fs::path& part : fs::absolute(path)) {
    folder /= part;
    std::error_code error;
    if (fs::status(folder, error).type() == fs::file_type::not_found) return folder;
  }
  return {};
}

// Makes sure that the names in a directory, or the bytes of a file, survive a power cut.
void Sync(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool ok = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!ok) throw fs::filesystem_error("cannot sync", path, {error, std::generic_category()});
}

}  // namespace

void WriteWholeFile(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  const fs::path temporary = path.string() + std::string(kUnfinishedSuffix);
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
  }
  Sync(temporary);
  fs::rename(temporary, path);
  Sync(path.parent_path());
}

void RunDirectory::CheckCreate(const fs::path& path, bool overwrite) try {
  if (path.empty()) throw UserError("--run-dir must name a folder");
  if (!fs::exists(path) || HoldsNothing(path)) return;
  if (!IsOne(path)) {
    throw UserError(path.string() +
                    ": exists and is no run directory, so it is never overwritten; choose another "
                    "--run-dir");
  }
  if (!overwrite) {
    throw UserError(path.string() + ": the run exists; continue it with --resume " + path.string() +
                    ", replace it with --overwrite, or choose another --run-dir");
  }
  const fs::path foreign = ForeignEntry(path);
  if (!foreign.empty()) {
    throw UserError(path.string() + ": is not overwritten, because " + foreign.string() +
                    " is no part of a run; move that away or choose another --run-dir");
  }
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": cannot be a run directory: " + error.code().message());
}

RunDirectory RunDirectory::Create(const fs::path& path, bool overwrite, const std::string& config) {
  CheckCreate(path, overwrite);
  const fs::path missing = FirstMissing(path);
  try {
    const RunDirectory directory(path);
    fs::create_directories(path / kCheckpointsFolder);
    // Of a run that is replaced, the config goes last: wherever this is cut short, what is left is
    // no mixture of two runs.
    for (const auto& entry : fs::directory_iterator(path / kCheckpointsFolder)) {
      fs::remove_all(entry.path());
    }
    for (const char* products : kProductFolders) fs::remove_all(path / products);
    fs::remove(directory.metrics());
    directory.WriteConfig(config);
    return directory;
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    if (!missing.empty()) fs::remove_all(missing, ignored);
    throw UserError(path.string() + ": cannot create the run directory: " + error.code().message());
  }
}

bool RunDirectory::IsOne(const fs::path& path) {
  return fs::is_regular_file(path / kConfigFile) && fs::is_directory(path / kCheckpointsFolder);
}

RunDirectory RunDirectory::Open(const fs::path& path) try {
  if (!fs::exists(path)) throw UserError(path.string() + ": no such run directory");
  if (!IsOne(path)) {
    throw UserError(path.string() + ": no run directory (it has no config.toml and checkpoints/)");
  }
  return RunDirectory(path);
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": cannot be opened: " + error.code().message());
}

fs::path RunDirectory::config() const { return path_ / kConfigFile; }

fs::path RunDirectory::metrics() const { return path_ / kMetricsFile; }

std::vector<fs::path> RunDirectory::Checkpoints() const {
  std::vector<fs::path> checkpoints;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_ / kCheckpointsFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kStatePrefix)) checkpoints.push_back(entry.path() / kStateFile);
  }
  // By iteration; the numbers are padded, but longer ones are larger.
  const auto key = [](const fs::path& file) {
    const std::string name = file.parent_path().filename().string();
    return std::pair(name.size(), name);
  };
  std::ranges::sort(checkpoints, {}, key);
  return checkpoints;
}

fs::path RunDirectory::LatestCheckpoint() const {
  const std::vector<fs::path> checkpoints = Checkpoints();
  if (checkpoints.empty()) throw UserError(path_.string() + ": the run has no checkpoint yet");
  return checkpoints.back();
}

void RunDirectory::WriteCheckpoint(const MetaState& state, const Layout& layout) const {
  const fs::path folder = path_ / kCheckpointsFolder;
  const fs::path target = folder / fmt::format("{}{:06}", kStatePrefix, state.iteration);
  const fs::path temporary = folder / (std::string(kUnfinishedPrefix) + target.filename().string());
  fs::remove_all(temporary);
  fs::create_directory(temporary);
  SaveState(temporary / kStateFile, state, layout, {{"mujoco", MujocoVersion()}});
  Sync(temporary);
  // A run that is resumed from an older checkpoint meets the same one again.
  fs::remove_all(target);
  fs::rename(temporary, target);
  Sync(folder);
}

void RunDirectory::WriteConfig(const std::string& config) const {
  WriteWholeFile(this->config(), config);
}

}  // namespace anole
