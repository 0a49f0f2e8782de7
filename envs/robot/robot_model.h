// The model of a robot: a file of the user's, with the meshes and files that it names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "envs/model_rewrite.h"
#include "envs/mujoco.h"
#include "envs/opened_files.h"

namespace anole {

enum class Looks { kWith, kWithout };  // see RemoveLooks

// physics_dt: [s]; 0: the model's own. files: what MuJoCo opens is noted there. Throws OptionError
// of "model" with MuJoCo's message.
ModelPtr LoadRobotModel(const std::string& path, double physics_dt, Looks looks,
                        const OpenedFiles* files = nullptr);

// The same without looks, rewritten where that is exact. changes: of tasks; see FasterModel.
ModelPtr LoadFasterRobotModel(const std::string& path, double physics_dt,
                              const std::vector<ModelChange>& changes);

// Of what a task file means and of all that has a part in the motion of its model.
std::string RobotChecksum(const std::filesystem::path& task_file, const mjModel& model);
// As older runs have stored it: comments of the task file counted as well.
std::string FormerRobotChecksum(const std::filesystem::path& task_file, const mjModel& model);

}  // namespace anole
