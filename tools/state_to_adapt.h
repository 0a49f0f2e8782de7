// Which parameters `anole evaluate` and `anole render` adapt.
#pragma once

#include "configs/command_line.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {

inline const Flag kThetaFlag = {
    "theta", "WHICH",
    "what to adapt: latest (the default), best (by validation), the number of iterations of a "
    "checkpoint, random (initial parameters), or a safetensors file"};

// The run's newest checkpoint, unless --theta says otherwise. Throws UserError where there is none.
MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop);

}  // namespace anole
