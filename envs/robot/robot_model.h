// The model of a robot: a file of the user's, with the meshes and files that it names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "envs/lean_model.h"
#include "envs/mujoco.h"
#include "envs/opened_files.h"
#include "envs/robot/model_edits.h"

namespace anole {

// With all that is to be seen of it. files: what MuJoCo opens is noted there. Throws OptionError of
// "model" with MuJoCo's message.
ModelPtr LoadRobotModel(const std::string& path, const ModelEdits& edits,
                        const OpenedFiles* files = nullptr);

// What of it acts on its motion. full: what LoadRobotModel gave.
LeanModel LoadLeanRobotModel(const std::string& path, const ModelEdits& edits, const mjModel& full);

// Of what a task file means, of all that has a part in the motion of its model, and of the files
// of its [[motion]]s, by their checksums.
std::string RobotChecksum(const std::filesystem::path& task_file, const mjModel& model,
                          const std::vector<std::string>& motions);
// As older runs have stored it: comments of the task file counted as well.
std::string FormerRobotChecksum(const std::filesystem::path& task_file, const mjModel& model);

}  // namespace anole
