// What a training run does about its copy of the files that its task comes from (run_task.h).
#pragma once

#include <string>

#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

// Throws UserError unless what a run has just copied is the same task, and needs nothing beside it.
void CheckCopy(const RunDirectory& directory);

// The place of the run's copy of its task, from the run's folder; "": it has none. A copy that is
// not whole, or that an older version of anole did not make, is made. Throws
// std::filesystem::filesystem_error.
std::string RenewTask(const RunDirectory& directory, const Experiment& experiment);

}  // namespace anole
