#include "envs/robot/robot_model.h"

#include <mujoco/mjxmacro.h>

#include <span>
#include <string_view>

#include "configs/fingerprint.h"
#include "configs/settings.h"
#include "configs/user_error.h"
#include "envs/robot/robot_files.h"

namespace anole {
namespace {

SpecPtr Parse(const std::string& path, const ModelEdits& edits, const mjVFS* vfs = nullptr) {
  SpecPtr spec = ParseModelFile(path, vfs);
  edits.Apply(*spec, vfs);
  return spec;
}

// Whether an array of a model has no part in its motion: looks, names (the task file has those that
// matter), and the paths of files, which differ from machine to machine.
bool IsForShow(std::string_view name) {
  for (const std::string_view start : {"cam_", "light_", "mat_", "tex_", "skin_", "name"}) {
    if (name.starts_with(start)) return true;
  }
  return name == "paths" || name.ends_with("pathadr") || name.ends_with("rgba") ||
         name.ends_with("matid");
}

// All other arrays of a model.
// NOLINTBEGIN(cppcoreguidelines-macro-usage): MuJoCo lists them by a macro
void AddArrays(const mjModel& model, Fingerprint& fingerprint) {
  const auto add = [&](std::string_view name, const auto* values, mjtSize rows, mjtSize columns) {
    if (IsForShow(name)) return;
    fingerprint.Add(std::as_bytes(std::span(values, static_cast<std::size_t>(rows * columns))));
  };
#undef MJ_M
#define MJ_M(n) model.n
#define X(type, name, rows, columns) add(#name, model.name, model.rows, columns);
  MJMODEL_POINTERS
#undef X
}
// NOLINTEND(cppcoreguidelines-macro-usage)

std::string Checksum(const std::string& task, const mjModel& model) {
  Fingerprint fingerprint;
  fingerprint.Add(std::as_bytes(std::span(task)));
  fingerprint.Add(std::as_bytes(std::span(&model.opt, 1)));
  AddArrays(model, fingerprint);
  return fingerprint.text();
}

}  // namespace

ModelPtr LoadRobotModel(const std::string& path, const ModelEdits& edits,
                        const OpenedFiles* files) try {
  const mjVFS* const vfs = files == nullptr ? nullptr : files->vfs();
  return CompileModel(*Parse(path, edits, vfs), path, vfs);
} catch (const UserError& error) {
  throw OptionError("model", error.what());
}

LeanModel LoadLeanRobotModel(const std::string& path, const ModelEdits& edits,
                             const mjModel& full) try {
  return MakeLean([&] { return Parse(path, edits); }, full, path);
} catch (const UserError& error) {
  throw OptionError("model", error.what());
}

std::string RobotChecksum(const std::filesystem::path& task_file, const mjModel& model,
                          const std::vector<std::string>& motions) {
  std::string meaning = MeaningOfTaskFile(task_file);
  for (const std::string& motion : motions) meaning += motion;
  return Checksum(meaning, model);
}

std::string FormerRobotChecksum(const std::filesystem::path& task_file, const mjModel& model) {
  return Checksum(Settings::TextOfFile(task_file), model);
}

}  // namespace anole
