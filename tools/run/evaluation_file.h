// An evaluation as a file: what was evaluated, how, by what, and every score. `anole evaluate` and
// `anole compare` leave one for each evaluation in the run's folder `eval`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "configs/lister.h"
#include "envs/random.h"
#include "meta/evaluation.h"
#include "meta/meta_state.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

// How random initial parameters do after 0, 1, ... updates: means over tasks.
struct BaselineMeans {
  Vector samples;  // consumed by so many updates
  Vector scores;
  Vector ci95;  // half the width of the interval of that mean; NaN: not known
};

struct EvaluationRecord {
  std::string run;  // name of its folder
  std::string family;
  std::string score;  // "return" or "loss"
  bool higher_is_better = true;
  bool rolls_out = true;       // samples are environment steps, or else examples
  std::int64_t iteration = 0;  // of the parameters
  std::string signature;       // of the parameters
  bool averaged = false;       // these are a moving average of theta; not read back
  Phase phase = Phase::kTest;
  bool is_goal = false;                    // a task of the user's choice
  std::int64_t seed = 0;                   // of tasks and episodes
  std::int64_t rollouts = 0, horizon = 0;  // [episodes], [control steps]; 0: there are none
  std::vector<OptionDifference> changed;   // options that differ from those of the run
  std::vector<std::pair<std::string, std::string>> options;  // all but run.*, as in TOML
  std::vector<NamedUnit> task_parameters;
  Evaluation evaluation;
  std::optional<Evaluation> baseline;  // of random initial parameters; not read back, but for
  std::optional<BaselineMeans> baseline_means;  // what the file has of it; not made, only read
  bool by_memory = false;  // an update is an episode that is remembered; not read back
  std::string step_name;   // of the option that says how long an inner step is; not read back
  std::string date;        // when it was made, "2026-11-22T23:05:01Z"

  // The value of an option; empty where there is none.
  std::string Option(const std::string& name) const;
};

// Of an evaluation of `state` by `experiment`, which is that of the run but for what was changed.
EvaluationRecord MakeRecord(const RunDirectory& run, const Experiment& experiment,
                            const InnerLoop& loop, const MetaState& state, Phase phase,
                            Evaluation evaluation);

// What tells evaluations apart: whatever the scores depend on.
std::string KeyOf(const EvaluationRecord& record);

// As the file has it, with the versions of this program. Numbers that are not finite are null.
std::string EvaluationText(const EvaluationRecord& record);

// Throws UserError where the file is none that EvaluationText has made, or is damaged: each number,
// count and shape is looked at.
EvaluationRecord ReadEvaluation(const std::filesystem::path& file);

// RUN/eval/test-000040-1f0c22ab.json: phase, iteration and a digest of what else the scores depend
// on.
std::filesystem::path EvaluationPath(const std::filesystem::path& run,
                                     const EvaluationRecord& record);

// Keeps the record in its run and returns the text of the file. The same evaluation again leaves
// the file that is there as it is; other scores of the same name, as another version of the program
// may find, get a file of their own. Throws std::filesystem::filesystem_error where it cannot.
struct KeptEvaluation {
  std::filesystem::path file;
  std::string text;
};
KeptEvaluation KeepEvaluation(const std::filesystem::path& run, const EvaluationRecord& record);

// The files of a run's folder `eval`, in the order of their names.
std::vector<std::filesystem::path> EvaluationFiles(const std::filesystem::path& run);

}  // namespace anole
