// anole evaluate: how a trained policy adapts to tasks that it was not trained on.
#include <fmt/format.h>

#include <mutex>
#include <optional>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/evaluation.h"
#include "tools/command.h"
#include "tools/evaluation_report.h"
#include "tools/experiment.h"
#include "tools/log.h"
#include "tools/progress.h"
#include "tools/run_directory.h"
#include "tools/run_task.h"
#include "tools/shared_work.h"
#include "tools/state_to_adapt.h"

namespace anole {
namespace {

// ShareEvaluation, which tells its progress on stderr; `whose` begins those lines.
Evaluation EvaluateAloud(const std::string& whose, const Communicator& ranks,
                         Experiment& experiment, const InnerLoop& loop, const MetaState& state,
                         Phase phase) {
  const std::int64_t tasks = experiment.evaluation.tasks;
  Progress progress(static_cast<double>(tasks), 0);
  std::int64_t shown = -1;
  std::mutex mutex;
  const auto show = [&](std::int64_t done) {
    const std::lock_guard lock(mutex);
    if (done <= shown) return;  // overtaken by another thread
    shown = done;
    progress.Show(static_cast<double>(done), fmt::format("{}{}/{} tasks", whose, done, tasks));
  };
  show(0);
  return ShareEvaluation(ranks, experiment, loop, state, phase, show);
}

int RunEvaluate(const CommandLine& line, const Communicator& ranks) {
  const int threads = Threads(line, ranks);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  Settings settings = SettingsToAdapt(line, directory);
  for (const char* flag : {"updates", "tasks", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  Experiment experiment = ExperimentOf(directory.path(), settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const MetaState random = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const MetaState state = StateToAdapt(line, directory, experiment, *loop);
  const Phase phase = line.Has("validation") ? Phase::kValidation : Phase::kTest;
  Evaluation evaluation;
  std::optional<Evaluation> baseline;
  WarnOfIdleRanks(ranks, experiment.evaluation.tasks);
  WithThreads(threads, [&] {
    evaluation = EvaluateAloud("", ranks, experiment, *loop, state, phase);
    if (line.Has("baseline")) {
      baseline =
          EvaluateAloud("random initial parameters: ", ranks, experiment, *loop, random, phase);
    }
  });
  const EvaluationReport report{evaluation, baseline, experiment.family(), loop->spec(),
                                phase == Phase::kTest ? "held-out task" : "validation task",
                                experiment.step_name()};
  if (line.Has("json")) {
    fmt::print("{}", JsonText(report));
  } else {
    fmt::print("{}{}", TableText(report), line.Has("per-task") ? TasksText(report) : "");
  }
  return 0;
}

}  // namespace

const Command kEvaluateCommand = {
    .name = "evaluate",
    .usage = "anole evaluate RUN [--updates K] [--json] [--section.option=value ...]",
    .summary =
        "Adapts a trained policy to held-out tasks. The table has its return after 0 to K "
        "updates. The episodes that score an update feed the next one. Options may be changed, "
        "for instance the range of goals: --task.test_range=3,4. Options default to those of the "
        "run.",
    .flags = {{"updates", "K", "short for --evaluation.updates"},
              {"tasks", "N", "short for --evaluation.tasks"},
              {"rollouts", "M", "short for --evaluation.rollouts"},
              {"seed", "N", "short for --evaluation.seed: other held-out tasks and episodes"},
              kThetaFlag,
              kAnyFamilyFlag,
              {"baseline", "", "adapt random initial parameters to the same tasks as well"},
              {"validation", "",
               "use the tasks of validation instead: tune on those, never on the held-out ones"},
              {"per-task", "", "a second table: every task and its score after each update"},
              {"json", "", "print all results as JSON"},
              kThreadsFlag,
              kQuietFlag,
              kLogLevelFlag},
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1,
    .takes = Takes::kRun,
    .run_on_ranks = RunEvaluate};

}  // namespace anole
