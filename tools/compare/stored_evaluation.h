// Evaluations that are made once and kept with their run.
#pragma once

#include <filesystem>

#include "configs/settings.h"
#include "envs/random.h"
#include "meta/evaluation.h"

namespace anole {

// Evaluates the newest checkpoint of the run in `path` as `settings` say, or reads what an earlier
// call has left in its eval/ folder; that counts only if the checkpoint's signature and every
// option are the same.
Evaluation EvaluateOnce(const Settings& settings, const std::filesystem::path& path, Phase phase);

}  // namespace anole
