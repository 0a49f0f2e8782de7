#include "envs/robot/robot_model.h"

#include <mujoco/mjxmacro.h>

#include <span>
#include <string_view>
#include <utility>

#include "configs/fingerprint.h"
#include "configs/settings.h"
#include "configs/user_error.h"
#include "envs/robot/robot_files.h"

namespace anole {
namespace {

struct LoadedModel {
  SpecPtr spec;
  ModelPtr model;
};

LoadedModel Load(const std::string& path, double physics_dt, Looks looks,
                 const OpenedFiles* files = nullptr) {
  const mjVFS* const vfs = files == nullptr ? nullptr : files->vfs();
  try {
    LoadedModel loaded{.spec = ParseModelFile(path, vfs), .model = nullptr};
    if (looks == Looks::kWithout) RemoveLooks(*loaded.spec);
    if (physics_dt > 0) loaded.spec->option.timestep = physics_dt;
    loaded.model = CompileModel(*loaded.spec, path, vfs);
    return loaded;
  } catch (const UserError& error) {
    throw OptionError("model", error.what());
  }
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

ModelPtr LoadRobotModel(const std::string& path, double physics_dt, Looks looks,
                        const OpenedFiles* files) {
  return Load(path, physics_dt, looks, files).model;
}

ModelPtr LoadFasterRobotModel(const std::string& path, double physics_dt,
                              const std::vector<ModelChange>& changes) {
  LoadedModel loaded = Load(path, physics_dt, Looks::kWithout);
  ModelPtr rewritten = RewriteModel(*loaded.spec, *loaded.model);
  return FasterModel(std::move(loaded.model), std::move(rewritten), changes);
}

std::string RobotChecksum(const std::filesystem::path& task_file, const mjModel& model) {
  return Checksum(MeaningOfTaskFile(task_file), model);
}

std::string FormerRobotChecksum(const std::filesystem::path& task_file, const mjModel& model) {
  return Checksum(Settings::TextOfFile(task_file), model);
}

}  // namespace anole
