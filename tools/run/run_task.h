// A run's own copy of the files that its task comes from: the run is whole wherever it is moved to,
// and whatever becomes of the files that it was started with.
//
//   task/              robot.toml and model/ with all that the model reads, or pictures/
//   task/files.txt     the fingerprint and the place of each of its files
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "configs/option.h"
#include "configs/settings.h"
#include "tools/run/experiment.h"

namespace anole {

// Copies the files into `folder`, which is made anew. Throws std::filesystem::filesystem_error.
void KeepTask(const KeptFiles& kept, const std::filesystem::path& folder);

// What the option that names the files is in the config.toml of a run with a copy.
std::string KeptPath(const KeptFiles& kept);

// The files of the run's copy that are not what they were, or not there.
std::vector<std::filesystem::path> ChangedTaskFiles(const std::filesystem::path& run);

// A file in the folder of the run's copy that is none of it, or "".
std::filesystem::path AddedTaskFile(const std::filesystem::path& run);

// The experiment that `settings` describe, most of which the run has stored. Throws UserError,
// which names the file where the run's copy of its task is not what it was. advice: what to do
// about that.
Experiment ExperimentOf(const std::filesystem::path& run, const Settings& settings,
                        const std::string& advice = "--task.checksum=any takes it as it is");

// Whether the command line names other files for the task to come from.
bool NamesOtherTask(const Settings& settings);

}  // namespace anole
