// Which parameters `anole evaluate` and `anole render` adapt.
#pragma once

#include "configs/command_line.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {

inline const Flag kThetaFlag = {"theta", "random|FILE",
                                "adapt random initial parameters, or those of a safetensors file"};

// The run's newest checkpoint, unless --theta says otherwise. Throws UserError where there is none.
MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop);

}  // namespace anole
