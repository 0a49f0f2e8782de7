#include "tools/report/compare/stored_evaluation.h"

#include <optional>
#include <utility>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"
#include "tools/run/shared_work.h"

namespace anole::compare {
namespace {

namespace fs = std::filesystem;

// The evaluation that `wanted` is to become, where it is kept already.
std::optional<Evaluation> Kept(const fs::path& file, const EvaluationRecord& wanted) {
  if (!fs::exists(file)) return std::nullopt;
  try {
    EvaluationRecord kept = ReadEvaluation(file);
    if (KeyOf(kept) == KeyOf(wanted)) return std::move(kept.evaluation);
  } catch (const UserError&) {
    return std::nullopt;  // it is made again
  }
  return std::nullopt;
}

}  // namespace

Evaluation EvaluateOnce(const Settings& settings, const fs::path& path, Phase phase,
                        const Communicator& ranks) {
  const Experiment experiment(settings);
  const auto loop = experiment.MakeLoop();
  const RunDirectory directory = RunDirectory::Open(path);
  const MetaState state = LoadState(directory.checkpoints().Latest(), loop->spec().layout);
  EvaluationRecord record = MakeRecord(directory, experiment, *loop, state, phase, {});
  if (auto kept = Kept(EvaluationPath(path, record), record)) return *std::move(kept);
  record.evaluation = ShareEvaluation(ranks, experiment, *loop, Learned(state), phase);
  KeepEvaluation(path, record);
  return record.evaluation;
}

}  // namespace anole::compare
