// What a run keeps of a robot of the user's: the task file, and the model with all that it reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "configs/option.h"

namespace anole {

// As they are to lie in the copy: the task file, whose `model` names the model there, and below
// model/ the files of the model as they lie to each other, so that they find each other unchanged.
// model_files: all of them, absolute; motions: those of each [[motion]], in the file's order, which
// come to lie in motions/0, motions/1, ... Throws UserError, with file and line, where one names
// another by an absolute path, which no copy could follow.
KeptFiles FilesOfRobot(const std::filesystem::path& task_file, const std::filesystem::path& model,
                       const std::vector<std::filesystem::path>& model_files,
                       const std::vector<std::filesystem::path>& motions);

// Of what the sections of a task file say, whatever its comments, blanks and the order within a
// section; not of where the model and motions lie.
std::string MeaningOfTaskFile(const std::filesystem::path& task_file);

}  // namespace anole
