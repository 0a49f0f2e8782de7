#include "tools/run/task_copy.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <variant>

#include "configs/user_error.h"
#include "tools/run/run_files.h"
#include "tools/run/run_task.h"

namespace anole {

namespace fs = std::filesystem;

void CheckCopy(const RunDirectory& directory) {
  Experiment copy(Settings::FromFile(directory.config()));
  const fs::path folder = fs::absolute(directory.path() / kTaskFolder).lexically_normal();
  const auto kept = copy.Kept();
  for (const KeptFiles::File& file : kept->files.files) {
    const fs::path inner = fs::path(file.source).lexically_relative(folder);
    if (inner.empty() || *inner.begin() == "..") {
      throw UserError(
          fmt::format("{}: the copy of the task in {} reads it, so a run cannot keep it",
                      file.source, folder.string()));
    }
  }
}

std::string RenewTask(const RunDirectory& directory, const Experiment& experiment) {
  const auto kept = experiment.Kept();
  if (!kept) return "";
  const Settings stored = Settings::FromFile(directory.config());
  const Setting* const setting = stored.Find(kept->name);
  const auto* const place =
      setting == nullptr ? nullptr : std::get_if<std::string>(&setting->value);
  if (place != nullptr && fs::path(*place).is_relative() && fs::exists(directory.path() / *place) &&
      ChangedTaskFiles(directory.path()).empty()) {
    return *place;
  }
  directory.ReplaceTask(kept->files);
  return KeptPath(kept->files);
}

}  // namespace anole
