// anole evaluate: how a trained policy adapts to the tasks of tests.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "envs/lean_model.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "meta/safetensors.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/report/evaluation_report.h"
#include "tools/report/fixed_point_text.h"
#include "tools/report/pooled_evaluation.h"
#include "tools/report/zoo/entry.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/run.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_task.h"
#include "tools/run/task_choice.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

// Run::Evaluate, which tells its progress on stderr; `whose` begins those lines.
EvaluationRecord EvaluateAloud(const std::string& whose, Run& run, EvaluationRequest request,
                               const Communicator& ranks) {
  std::optional<Progress> progress;
  bool of_baseline = false;
  std::int64_t shown = -1;
  std::mutex mutex;
  request.progress = [&](std::int64_t done, const EvaluationTasks& tasks, bool baseline) {
    const std::scoped_lock lock(mutex);
    if (!progress || baseline != of_baseline) {
      of_baseline = baseline;
      progress.emplace(static_cast<double>(tasks.total()), 0);
      shown = -1;
    }
    if (done <= shown) return;  // overtaken by another thread
    shown = done;
    progress->Show(
        static_cast<double>(done),
        fmt::format("{}{}{}/{} {}", whose, baseline ? "random initial parameters: " : "", done,
                    tasks.total(), tasks.adaptations == 1 ? "tasks" : "adaptations"));
  };
  return run.Evaluate(request, ranks);
}

// What the command line asks for; a file of adapted parameters is scored as it is.
OpenRequest RequestToEvaluate(const CommandLine& line, const fs::path& path) {
  OpenRequest request = RequestOf(line, {"updates", "tasks", "rollouts", "seed"});
  const bool says_updates = std::ranges::any_of(
      request.options, [](const auto& option) { return option.first == "evaluation.updates"; });
  if (!says_updates && FindAdapted(request.parameters, RunDirectory::Open(path))) {
    request.options.emplace_back("evaluation.updates", "0");
  }
  return request;
}

// The task that the user, or the file of parameters, says instead of those of tests; no column:
// none.
Matrix ChooseGoals(const CommandLine& line, const Run& run) {
  if (line.Has("goal") && line.Has("validation")) {
    throw UserError("--goal and --validation: only one of them");
  }
  if (const auto goal = line.Get("goal")) return GoalOf(*goal, run);
  const auto adapted = FindAdapted(ThetaOf(line), run.directory());
  if (!adapted || line.Has("validation")) return {};
  if (adapted->goal.empty()) {
    LogInfo(
        fmt::format("{} is adapted to recorded episodes by {} updates; --goal says to score it "
                    "where they were recorded",
                    adapted->path, adapted->updates));
    return {};
  }
  const std::vector<NamedUnit>& parameters = run.loop().spec().task_parameters;
  const Vector goal = ParseGoal(adapted->goal, parameters);
  LogInfo(fmt::format("{} is adapted to {} by {} updates, and scored there; --goal chooses another",
                      adapted->path, GoalText(goal, parameters), adapted->updates));
  return goal;
}

// An evaluation, and what there is to know of the run without one.
struct Evaluated {
  EvaluationRecord record;
  std::string fixed_point;  // see FixedPointText; empty where other options than the run's are used
};

std::string FixedPointOf(const Run& run, const EvaluationRecord& record) {
  const bool is_as_trained = std::ranges::all_of(
      record.changed, [](const auto& change) { return change.name.starts_with("evaluation."); });
  return is_as_trained ? report::FixedPointText(run) : "";
}

Evaluated EvaluateRun(const CommandLine& line, const fs::path& path, const Communicator& ranks,
                      const std::string& whose) {
  const KeepAssets keep;  // what is recorded reads a robot once more
  Run run = Run::Open(path, RequestToEvaluate(line, path));
  Evaluated evaluated;
  evaluated.record =
      EvaluateAloud(whose, run,
                    {.phase = line.Has("validation") ? Phase::kValidation : Phase::kTest,
                     .goals = ChooseGoals(line, run),
                     .baseline = line.Has("baseline")},
                    ranks);
  evaluated.fixed_point = FixedPointOf(run, evaluated.record);
  return evaluated;
}

// Keeps the record in the run's folder; the text of its file. Where that cannot be written to, the
// scores are told all the same.
std::string Keep(const RunDirectory& directory, const EvaluationRecord& record) {
  if (zoo::IsEntry(directory.path())) return EvaluationText(record);  // it is as it came
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

void WriteOut(const fs::path& out, const std::string& text) {
  WriteNewFile(out, text);
  LogInfo(fmt::format("the evaluation is in {}", out.string()));
}

int EvaluateOne(const CommandLine& line, const RunDirectory& directory, int threads,
                const Communicator& ranks) {
  Evaluated evaluated;
  WithThreads(threads, [&] { evaluated = EvaluateRun(line, directory.path(), ranks, ""); });
  const EvaluationRecord& record = evaluated.record;
  std::string text;
  if (const auto out = line.Get("out")) {
    text = EvaluationText(record);
    WriteOut(*out, text);
  } else {
    text = Keep(directory, record);
  }
  if (line.Has("json")) {
    fmt::print("{}", text);
  } else {
    const report::TableForm form = FormOf(line);
    // Two tables are no CSV.
    const bool only_tasks = line.Has("per-task") && form == report::TableForm::kCsv;
    fmt::print("{}{}", only_tasks ? "" : report::EvaluationTable(record, form),
               line.Has("per-task") ? report::TasksTable(record, form) : "");
    if (form == report::TableForm::kText) fmt::print("{}", evaluated.fixed_point);
  }
  return 0;
}

// Copies of one run are no seeds.
void CheckDifferentParameters(const CommandLine& line,
                              const std::vector<RunDirectory>& directories) {
  const std::string theta = ThetaOf(line);
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
  const std::string theta = ThetaOf(line);
  for (std::size_t i = 1; i < directories.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      report::CheckPoolable(directories[j].path(), directories[i].path());
    }
    if (FindAdapted(theta, directories[i])) {
      throw UserError("--theta=" + theta + ": is adapted from one run");
    }
  }
  CheckDifferentParameters(line, directories);
  std::vector<report::PooledRun> runs;
  WithThreads(threads, [&] {
    for (const RunDirectory& directory : directories) {
      const Experiment stored =
          ExperimentOf(directory.path(), Settings::FromFile(directory.config()));
      runs.push_back({directory.path(), stored.run.seed,
                      EvaluateRun(line, directory.path(), ranks, directory.name() + ": ").record});
      runs.back().text = Keep(directory, runs.back().record);
    }
  });
  const std::string json = report::PooledJson(runs);
  if (const auto out = line.Get("out")) WriteOut(*out, json);
  fmt::print("{}", line.Has("json") ? json : report::PooledTable(runs, FormOf(line)));
  return 0;
}

int RunEvaluate(const CommandLine& line, const Communicator& ranks) {
  const int threads = Threads(line, ranks);
  OnlyPositional(line, "RUN, a run directory");
  if (FormOf(line) != report::TableForm::kText && line.Has("json")) {
    throw UserError("--format and --json: only one of them");
  }
  if (const auto out = line.Get("out")) CheckOut(*out, {".json"});
  std::vector<RunDirectory> directories;
  for (const std::string& path : line.positionals) directories.push_back(RunDirectory::Open(path));
  return directories.size() == 1 ? EvaluateOne(line, directories.front(), threads, ranks)
                                 : EvaluateSeeds(line, directories, threads, ranks);
}

const RegisterCommand registration(
    {.place = 2,
     .name = "evaluate",
     .usage = "anole evaluate RUN... [--updates K] [--json] [--section.option=value ...]",
     .summary =
         "Adapts a trained policy to the tasks of tests, which are held out from training unless a "
         "family has only a few. The table has its return after 0 to K updates. The episodes that "
         "score an update feed the next one. Runs that differ in their seeds only are pooled. Each "
         "evaluation is kept as JSON in RUN/eval. Options may be changed, for instance the range "
         "of "
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
               kTableFormatFlag,
               {"out", "FILE", "where to keep the evaluation; default: RUN/eval/NAME.json"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .takes_options = true,
     .options_of_run = true,
     .max_positionals = 1000,
     .takes = Takes::kRun,
     .run_on_ranks = RunEvaluate});

}  // namespace
}  // namespace anole::app
