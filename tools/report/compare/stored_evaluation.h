// Evaluations of a comparison, which are made once and kept with their runs.
#pragma once

#include <filesystem>

#include "configs/settings.h"
#include "envs/random.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"

namespace anole::compare {

// Evaluates the newest checkpoint of the run in `path` as `settings` say, or reads what an earlier
// call, or `anole evaluate`, has left in its eval/ folder (tools/run/evaluation_file.h); that
// counts only if the checkpoint's signature and every option are the same, and a file that is
// damaged is made again. On rank 0, with the help of all `ranks`.
Evaluation EvaluateOnce(const Settings& settings, const std::filesystem::path& path, Phase phase,
                        const Communicator& ranks);

}  // namespace anole::compare
