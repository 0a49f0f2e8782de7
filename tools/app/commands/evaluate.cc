// anole evaluate: how a trained policy adapts to the tasks of tests.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "meta/safetensors.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/report/evaluation_report.h"
#include "tools/report/pooled_evaluation.h"
#include "tools/run/count_text.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/experiment.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_task.h"
#include "tools/run/shared_work.h"
#include "tools/run/state_to_adapt.h"
#include "tools/run/task_choice.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// ShareEvaluation, which tells its progress on stderr; `whose` begins those lines.
Evaluation EvaluateAloud(const std::string& whose, const Communicator& ranks,
                         Experiment& experiment, const InnerLoop& loop, const MetaState& state,
                         Phase phase) {
  const EvaluationTasks tasks = TasksOf(loop, phase, experiment.evaluation);
  const std::int64_t total = tasks.total();
  const char* what = tasks.adaptations == 1 ? "tasks" : "adaptations";
  Progress progress(static_cast<double>(total), 0);
  std::int64_t shown = -1;
  std::mutex mutex;
  const auto show = [&](std::int64_t done) {
    const std::lock_guard lock(mutex);
    if (done <= shown) return;  // overtaken by another thread
    shown = done;
    progress.Show(static_cast<double>(done), fmt::format("{}{}/{} {}", whose, done, total, what));
  };
  show(0);
  return ShareEvaluation(ranks, experiment, loop, state, phase, show);
}

// The options of a run as the command line changes them.
Settings SettingsToEvaluate(const CommandLine& line, const RunDirectory& directory) {
  Settings settings = SettingsToAdapt(line, directory);
  const auto adapted = FindAdapted(line, directory);
  const bool says_updates =
      line.Has("updates") || std::ranges::any_of(line.settings, [](const auto& setting) {
        return setting.first == "evaluation.updates";
      });
  if (adapted && !says_updates) settings.Set("evaluation.updates", "0");
  for (const char* flag : {"updates", "tasks", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  return settings;
}

// Sets what the user, or the file of parameters, says instead of the tasks of tests.
void ChooseGoals(const CommandLine& line, const RunDirectory& directory, Experiment& experiment,
                 const InnerLoop& loop) {
  if (line.Has("goal") && line.Has("validation")) {
    throw UserError("--goal and --validation: only one of them");
  }
  if (const auto goal = line.Get("goal")) {
    experiment.evaluation.goals = GoalOf(*goal, experiment, loop);
    return;
  }
  const auto adapted = FindAdapted(line, directory);
  if (!adapted || line.Has("validation")) return;
  const Vector goal = ParseGoal(adapted->goal, loop.spec().task_parameters);
  experiment.evaluation.goals = goal;
  LogInfo(fmt::format("{} is adapted to {} by {} updates, and scored there; --goal chooses another",
                      adapted->path, GoalText(goal, loop.spec().task_parameters),
                      adapted->updates));
}

EvaluationRecord EvaluateRun(const CommandLine& line, const RunDirectory& directory,
                             const Communicator& ranks, const std::string& whose) {
  Experiment experiment = ExperimentOf(directory.path(), SettingsToEvaluate(line, directory));
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const MetaState random = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const MetaState state = StateToAdapt(line, directory, experiment, *loop);
  ChooseGoals(line, directory, experiment, *loop);
  const Phase phase = line.Has("validation") ? Phase::kValidation : Phase::kTest;
  WarnOfIdleRanks(ranks, TasksOf(*loop, phase, experiment.evaluation).total());
  EvaluationRecord record =
      MakeRecord(directory, experiment, *loop, state, phase,
                 EvaluateAloud(whose, ranks, experiment, *loop, state, phase));
  if (line.Has("baseline")) {
    record.baseline = EvaluateAloud(whose + "random initial parameters: ", ranks, experiment, *loop,
                                    random, phase);
  }
  return record;
}

// Keeps the record in the run's folder; the text of its file. Where that cannot be written to, the
// scores are told all the same.
std::string Keep(const RunDirectory& directory, const EvaluationRecord& record) {
  try {
    KeptEvaluation kept = KeepEvaluation(directory.path(), record);
    LogInfo(fmt::format("the evaluation is in {}", kept.file.string()));
    return std::move(kept.text);
  } catch (const fs::filesystem_error& error) {
    LogWarning(fmt::format("the evaluation is not kept: {}", Describe(error)));
  } catch (const UserError& error) {  // a link in the place of its file
    LogWarning(fmt::format("the evaluation is not kept: {}", error.what()));
  }
  return EvaluationText(record);
}

void WriteOut(const CommandLine& line, const std::string& text) {
  const fs::path out = *line.Get("out");
  WriteNewFile(out, text);
  LogInfo(fmt::format("the evaluation is in {}", out.string()));
}

int EvaluateOne(const CommandLine& line, const RunDirectory& directory, int threads,
                const Communicator& ranks) {
  EvaluationRecord record;
  WithThreads(threads, [&] { record = EvaluateRun(line, directory, ranks, ""); });
  std::string text;
  if (line.Has("out")) {
    text = EvaluationText(record);
    WriteOut(line, text);
  } else {
    text = Keep(directory, record);
  }
  if (line.Has("json")) {
    fmt::print("{}", text);
  } else {
    fmt::print("{}{}", EvaluationTable(record), line.Has("per-task") ? TasksTable(record) : "");
  }
  return 0;
}

// Copies of one run are no seeds.
void CheckDifferentParameters(const CommandLine& line,
                              const std::vector<RunDirectory>& directories) {
  const std::string theta = line.Get("theta").value_or("latest");
  if (theta == "random") return;
  std::map<std::string, fs::path> seen;  // by signature
  for (const RunDirectory& directory : directories) {
    const auto [other, is_new] = seen.emplace(
        Signature(ReadSafetensors(directory.checkpoints().Find(theta))), directory.path());
    if (is_new) continue;
    throw UserError(fmt::format("{} and {}: hold the same parameters, so they are one run",
                                other->second.string(), directory.path().string()));
  }
}

int EvaluateSeeds(const CommandLine& line, const std::vector<RunDirectory>& directories,
                  int threads, const Communicator& ranks) {
  if (line.Has("per-task")) throw UserError("--per-task: is of one run");
  for (std::size_t i = 1; i < directories.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      CheckPoolable(directories[j].path(), directories[i].path());
    }
    if (FindAdapted(line, directories[i])) {
      throw UserError("--theta=" + *line.Get("theta") + ": is adapted from one run");
    }
  }
  CheckDifferentParameters(line, directories);
  std::vector<PooledRun> runs;
  WithThreads(threads, [&] {
    for (const RunDirectory& directory : directories) {
      const Experiment stored =
          ExperimentOf(directory.path(), Settings::FromFile(directory.config()));
      runs.push_back({directory.path(), stored.run.seed,
                      EvaluateRun(line, directory, ranks, directory.name() + ": ")});
      runs.back().text = Keep(directory, runs.back().record);
    }
  });
  const std::string json = PooledJson(runs);
  if (line.Has("out")) WriteOut(line, json);
  fmt::print("{}", line.Has("json") ? json : PooledTable(runs));
  return 0;
}

int RunEvaluate(const CommandLine& line, const Communicator& ranks) {
  const int threads = Threads(line, ranks);
  OnlyPositional(line, "RUN, a run directory");
  if (const auto out = line.Get("out")) CheckOut(*out, {".json"});
  std::vector<RunDirectory> directories;
  for (const std::string& path : line.positionals) directories.push_back(RunDirectory::Open(path));
  return directories.size() == 1 ? EvaluateOne(line, directories.front(), threads, ranks)
                                 : EvaluateSeeds(line, directories, threads, ranks);
}

}  // namespace

const Command kEvaluateCommand = {
    .name = "evaluate",
    .usage = "anole evaluate RUN... [--updates K] [--json] [--section.option=value ...]",
    .summary =
        "Adapts a trained policy to the tasks of tests, which are held out from training unless a "
        "family has only a few. The table has its return after 0 to K updates. The episodes that "
        "score an update feed the next one. Runs that differ in their seeds only are pooled. Each "
        "evaluation is kept as JSON in RUN/eval. Options may be changed, for instance the range of "
        "goals: --task.test_range=3,4. Options default to those of the run.",
    .flags = {{"updates", "K", "short for --evaluation.updates"},
              {"tasks", "N", "short for --evaluation.tasks"},
              {"rollouts", "M", "short for --evaluation.rollouts"},
              {"seed", "N", "short for --evaluation.seed: other tasks and episodes"},
              kThetaFlag,
              kAnyFamilyFlag,
              {"goal", "X[,Y]", "adapt to this task instead, by its parameters"},
              {"baseline", "", "adapt random initial parameters to the same tasks as well"},
              {"validation", "",
               "use the tasks of validation instead: tune on those, never on the held-out ones"},
              {"per-task", "", "a second table: every task and its score after each update"},
              {"json", "", "print all results as JSON"},
              {"out", "FILE", "where to keep the evaluation; default: RUN/eval/NAME.json"},
              kThreadsFlag,
              kQuietFlag,
              kLogLevelFlag},
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1000,
    .takes = Takes::kRun,
    .run_on_ranks = RunEvaluate};

}  // namespace anole
