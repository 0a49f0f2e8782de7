#include "tools/run/run_task.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <system_error>

#include "configs/excerpt.h"
#include "configs/fingerprint.h"
#include "configs/text_file.h"
#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/file_blocks.h"
#include "tools/run/run_files.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr const char* kListFile = "files.txt";
constexpr std::uintmax_t kLongestList = 100'000'000;  // [bytes], of a million files
constexpr std::size_t kFewFiles = 200;  // are synced one by one, which takes milliseconds each

[[noreturn]] void Fail(const char* what, const fs::path& file) {
  throw fs::filesystem_error(what, file, {errno == 0 ? EIO : errno, std::generic_category()});
}

// Copies a file and tells the fingerprint of what was written.
std::string Copy(const KeptFiles::File& file, const fs::path& copy) {
  Fingerprint fingerprint;
  errno = 0;
  std::ofstream stream(copy, std::ios::binary);
  const auto write = [&](std::string_view bytes) {
    fingerprint.Add(std::as_bytes(std::span(bytes)));
    stream << bytes;
  };
  if (file.text) {
    write(*file.text);
  } else {
    ReadBlocks(file.source, write);
  }
  stream.close();
  if (!stream) Fail("cannot write", copy);
  return fingerprint.text();
}

// Of thousands of files it takes one sync of the file system that they are on.
void SyncAll(const std::vector<fs::path>& files, const fs::path& folder) {
  if (files.size() <= kFewFiles) {
    for (const fs::path& file : files) Sync(file);
    return;
  }
  const int descriptor = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  const bool ok = descriptor >= 0 && syncfs(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  errno = error;
  if (!ok) Fail("cannot sync", folder);
}

// What the list of a run's copy tells: place -> fingerprint. Throws UserError where it names a file
// out of the copy, which is not looked at: whoever made the run may have written anything.
std::map<std::string, std::string> ListedFiles(const fs::path& run) {
  const fs::path file = run / kTaskFolder / kListFile;
  std::map<std::string, std::string> listed;
  if (!fs::is_regular_file(file)) return listed;
  std::istringstream list(ReadTextFile(file, kLongestList, "a list of files"));
  for (std::string line; std::getline(list, line);) {
    const std::size_t space = line.find("  ");
    if (space == std::string::npos) continue;
    const fs::path place = fs::path(line.substr(space + 2)).lexically_normal();
    if (place.is_absolute() || place.empty() || place == "." || *place.begin() == "..") {
      throw UserError(file.string() + ": names " + Excerpt(line.substr(space + 2)) +
                      ", which is no file of the run's copy of its task");
    }
    listed[place.generic_string()] = line.substr(0, space);
  }
  return listed;
}

// "a.stl", "a.stl and 2 more"
std::string NameSome(const std::vector<fs::path>& files) {
  const std::string more =
      files.size() > 1 ? fmt::format(" (and {} more)", files.size() - 1) : std::string();
  return files.front().string() + more;
}

}  // namespace

void KeepTask(const KeptFiles& kept, const fs::path& folder) {
  fs::remove_all(folder);
  std::string list;
  std::vector<fs::path> written = {folder};
  fs::create_directories(folder);
  for (const KeptFiles::File& file : kept.files) {
    const fs::path copy = folder / file.place;
    if (!file.text && fs::is_directory(file.source)) {
      fs::create_directories(copy);
      continue;
    }
    if (fs::create_directories(copy.parent_path())) written.push_back(copy.parent_path());
    list += Copy(file, copy) + "  " + file.place + "\n";
    written.push_back(copy);
  }
  WriteWholeFile(folder / kListFile, list);
  SyncAll(written, folder);
}

std::string KeptPath(const KeptFiles& kept) {
  return (fs::path(kTaskFolder) / kept.entry).generic_string();
}

std::vector<fs::path> ChangedTaskFiles(const fs::path& run) {
  std::vector<fs::path> changed;
  for (const auto& [place, fingerprint] : ListedFiles(run)) {
    const fs::path file = run / kTaskFolder / place;
    if (FingerprintOfFile(file) != fingerprint) changed.push_back(file);
  }
  return changed;
}

fs::path AddedTaskFile(const fs::path& run) {
  const fs::path folder = run / kTaskFolder;
  if (!fs::is_directory(fs::symlink_status(folder))) return {};
  const std::map<std::string, std::string> listed = ListedFiles(run);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (fs::is_directory(entry.symlink_status())) continue;
    const std::string place = entry.path().lexically_relative(folder).generic_string();
    if (place != kListFile && !listed.contains(place)) return entry.path();
  }
  return {};
}

Experiment ExperimentOf(const fs::path& run, const Settings& settings,
                        const std::string& advice) try {
  return Experiment(settings);
} catch (const UserError& error) {
  const auto* const other_task = dynamic_cast<const ChangedTaskError*>(&error);
  const std::vector<fs::path> changed =
      NamesOtherTask(settings) ? std::vector<fs::path>() : ChangedTaskFiles(run);
  if (!changed.empty() && !fs::exists(changed.front())) {
    throw UserError(NameSome(changed) + ": is missing in the run's copy of its task; put it back");
  }
  if (!changed.empty() && other_task != nullptr) {
    throw UserError(NameSome(changed) +
                    ": is not what it was when the run began, whose task it belongs to; " + advice);
  }
  if (!changed.empty()) {
    throw UserError(
        fmt::format("{} ({} has changed since the run began)", error.what(), NameSome(changed)));
  }
  if (other_task != nullptr) throw UserError(other_task->problem() + "; " + advice);
  throw;
}

bool NamesOtherTask(const Settings& settings) {
  return std::ranges::any_of(settings.all(), [](const Setting& setting) {
    return setting.typed && (setting.name == "task.file" || setting.name == "task.folder");
  });
}

}  // namespace anole
