#include "tools/app/file_kind.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "configs/settings.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_files.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

FileKind KindOfFolder(const fs::path& path) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::exists(path / name, ignored); };
  if (RunDirectory::IsOne(path)) return FileKind::kRun;
  if (has(kStateFile)) return FileKind::kCheckpoint;
  if (has("results.json")) return FileKind::kSweep;
  // A comparison that is not finished has only the folders of its runs.
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (RunDirectory::IsOne(entry.path())) return FileKind::kSweep;
  }
  return FileKind::kOther;
}

FileKind KindOfToml(const fs::path& path) {
  const std::vector<std::string> names = Settings::SectionNames(path);
  const auto has = [&](const char* name) { return std::ranges::count(names, name) > 0; };
  if (has("tune")) return FileKind::kTuning;
  if (has("compare") || has("method")) return FileKind::kComparison;
  if (has("robot") || (has("action") && has("reward"))) return FileKind::kTaskFile;
  static const std::set<std::string> kSections = [] {
    std::set<std::string> sections;
    for (const OptionDescription& option : Experiment::Catalogue()) {
      sections.insert(option.name.substr(0, option.name.find('.')));
    }
    return sections;
  }();
  const bool is_config =
      std::ranges::any_of(names, [&](const std::string& name) { return kSections.contains(name); });
  return is_config ? FileKind::kConfig : FileKind::kOther;
}

// Whether the text begins as XML does, after blanks and a mark of its encoding.
bool IsXml(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(64, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (start.starts_with("\xEF\xBB\xBF")) start.erase(0, 3);
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  return first != std::string::npos && start[first] == '<';
}

}  // namespace

FileKind KindOf(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) return KindOfFolder(path);
  if (!fs::is_regular_file(status)) return FileKind::kOther;
  if (path.extension() == ".safetensors") return FileKind::kParameters;
  return IsXml(path) ? FileKind::kModel : KindOfToml(path);
}

fs::path RunOf(const fs::path& path) {
  std::error_code ignored;
  const fs::path whole = fs::absolute(path, ignored).lexically_normal();
  fs::path folder = path.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "run/"
  // From a checkpoint's file it is three folders to the run.
  for (int i = 0; i < 3 && whole.has_relative_path(); ++i) {
    folder = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    if (RunDirectory::IsOne(folder)) return folder;
    if (folder == ".") break;
  }
  return {};
}

}  // namespace anole::app
