// Evaluations that are made once and kept with their run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "configs/settings.h"
#include "envs/random.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"

namespace anole {

// One file of a run's eval/ folder.
struct StoredEvaluation {
  std::string key;        // all that the result depends on, as text
  std::string signature;  // of the checkpoint that was evaluated
  std::optional<double> step_size;  // the inner one that it was evaluated at, if there is one
  std::string score;      // "return" or "loss"
  Evaluation evaluation;
};

// Nothing where `file` is none, or is damaged.
std::optional<StoredEvaluation> ReadStoredEvaluation(const std::filesystem::path& file);

// Evaluates the newest checkpoint of the run in `path` as `settings` say, or reads what an earlier
// call has left in its eval/ folder; that counts only if the checkpoint's signature and every
// option are the same. On rank 0, with the help of all `ranks`.
Evaluation EvaluateOnce(const Settings& settings, const std::filesystem::path& path, Phase phase,
                        const Communicator& ranks);

}  // namespace anole
