// Whether a run that is gone on with is still the one that was begun.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "configs/lister.h"
#include "configs/settings.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

// What to do where it has another task.
inline constexpr const char* kTaskStays =
    "a run goes on with the task that it began with, so put that back";

// Throws UserError, which begins with `where`, where `settings`, of which `experiment` was made,
// would have made another run up to its newest checkpoint, and names the option; where they are
// those of an edited config.toml, the place in it. accepts: whether a difference is fine
// nevertheless; asked in the order of the options.
void CheckSameRun(const Settings& settings, const RunDirectory& directory,
                  const std::filesystem::path& checkpoint, const std::string& where,
                  const Experiment& experiment,
                  const std::function<bool(const OptionDifference&)>& accepts = {});

// Says that the run at `where` is another one than asked for.
[[noreturn]] void RefuseChange(const std::string& where, const OptionDifference& difference);

}  // namespace anole
