// What `anole evaluate` and `anole render` adapt: the options of a run, and which of its
// parameters.
#pragma once

#include "configs/command_line.h"
#include "configs/settings.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {

inline const Flag kThetaFlag = {
    "theta", "WHICH",
    "what to adapt: latest (the default), best (by validation), the number of iterations of a "
    "checkpoint, random (initial parameters), or a safetensors file"};

// The options of the run, as the command line changes them. Throws UserError where it names another
// preset, which would change nothing: a run has stored every option.
Settings SettingsToAdapt(const CommandLine& line, const RunDirectory& directory);

// The run's newest checkpoint, unless --theta says otherwise. Throws UserError where there is none.
MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop);

}  // namespace anole
