#include "tools/report/config_path.h"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/report/zoo/entry.h"
#include "tools/run/run_files.h"

namespace anole::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".toml";

std::vector<fs::path>& AddedFolders() {
  static std::vector<fs::path> folders;
  return folders;
}

// configs/ of the working folder, and those that came with the program: installed beside it, or of
// the checkout that it was built in.
std::vector<fs::path> Folders() {
  std::vector<fs::path> folders = {"configs"};
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none).parent_path();
  constexpr std::array kPlaces = {"../share/anole/configs", "../../configs"};
  for (const char* place : kPlaces) {
    const fs::path folder = (program / place).lexically_normal();
    if (!program.empty() && fs::exists(folder / "quickstart.toml", none)) folders.push_back(folder);
  }
  folders.insert(folders.end(), AddedFolders().begin(), AddedFolders().end());
  return folders;
}

bool IsNone(const fs::path& path) {
  std::error_code unknown;
  return fs::status(path, unknown).type() == fs::file_type::not_found;
}

}  // namespace

void AddConfigFolder(const fs::path& folder) { AddedFolders().push_back(folder); }

std::vector<std::string> KnownConfigs() {
  std::vector<std::string> names;
  std::error_code none;
  for (const fs::path& folder : Folders()) {
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (entry.path().extension() == kEnding) names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::vector<fs::path> ZooEntries() {
  std::map<std::string, fs::path> entries;  // the first folder that has a name counts
  std::error_code none;
  for (const fs::path& folder : Folders()) {
    for (const auto& entry : fs::directory_iterator(folder / "zoo", none)) {
      if (zoo::IsEntry(entry.path())) entries.emplace(entry.path().filename(), entry.path());
    }
  }
  std::vector<fs::path> folders;
  for (const auto& [name, folder] : entries) folders.push_back(folder);
  return folders;
}

fs::path FindZooEntry(const std::string& name) {
  const std::string wanted = name.starts_with(kZooPrefix) ? name.substr(kZooPrefix.size()) : name;
  std::vector<std::string> known;
  for (const fs::path& folder : ZooEntries()) {
    if (folder.filename() == wanted) return folder;
    known.push_back(folder.filename());
  }
  throw UserError(name + ": the zoo has no such entry" + Suggestion(wanted, known));
}

fs::path FindConfig(const std::string& name) {
  if (name.starts_with(kZooPrefix)) return FindZooEntry(name) / kConfigFile;
  if (!IsNone(name)) return name;
  const std::string stem = fs::path(name).extension() == kEnding
                               ? fs::path(name).stem().string()
                               : fs::path(name).filename().string();
  if (!fs::path(name).has_parent_path()) {
    for (const fs::path& folder : Folders()) {
      const fs::path file = folder / (stem + kEnding);
      if (!IsNone(file)) return file;
    }
  }
  const std::vector<std::string> known = KnownConfigs();
  const bool is_known = std::ranges::count(known, stem) > 0;
  const std::string nearest = is_known ? stem : Nearest(stem, known);
  if (nearest.empty()) throw UserError(name + ": no such file");
  const fs::path here = fs::path("configs") / (nearest + kEnding);
  throw UserError(name + ": no such file; did you mean " +
                  (IsNone(here) ? nearest : here.string()) + "?");
}

}  // namespace anole::report
