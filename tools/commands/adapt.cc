// anole adapt: adapts a trained policy to one task of the user's choice and stores it.
#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/count_text.h"
#include "tools/experiment.h"
#include "tools/goal.h"
#include "tools/log.h"
#include "tools/new_file.h"
#include "tools/output_file.h"
#include "tools/parameter_notes.h"
#include "tools/run_directory.h"
#include "tools/run_task.h"
#include "tools/state_to_adapt.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

std::string Required(const CommandLine& line, const std::string& flag) {
  const auto value = line.Get(flag);
  if (!value) throw UserError("--" + flag + " is missing");
  return *value;
}

int RunAdapt(const CommandLine& line) {
  const int threads = Threads(line);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  if (!line.Has("goal") && !line.Has("out")) throw UserError("--goal and --out are missing");
  const fs::path out = Required(line, "out");
  const std::string goal = Required(line, "goal");
  Settings settings = SettingsToAdapt(line, directory);
  for (const char* flag : {"updates", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  Experiment experiment = ExperimentOf(directory.path(), settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const Vector task = ParseGoal(goal, loop->spec().task_parameters);
  CheckOut(out);
  MetaState state = StateToAdapt(line, directory, experiment, *loop);
  const Plan plan{.updates = experiment.evaluation.updates,
                  .rollouts = experiment.evaluation.rollouts,
                  .score_last = true};
  const Address address{.seed = static_cast<std::uint64_t>(experiment.evaluation.seed),
                        .phase = Phase::kTest};
  Adaptation adaptation;
  WithThreads(threads, [&] { adaptation = loop->Adapt(state, task, address, plan); });
  if (!AllFinite(adaptation.params)) {
    throw std::runtime_error(fmt::format(
        "--goal={}: updates break the parameters, which are not finite any more: nothing is stored; "
        "make {} smaller",
        goal, experiment.step_name()));
  }
  state.theta = adaptation.params;
  Notes notes = NotesOf(experiment);
  notes["goal"] = goal;
  notes["updates"] = std::to_string(plan.updates);
  NewFile file(out);
  SaveState(file.path(), state, loop->spec().layout, notes);
  file.Commit();
  for (Eigen::Index k = 0; k <= plan.updates; ++k) {
    const std::string text = fmt::format("{} after {}: {:.5g}", loop->spec().score,
                                         CountText(k, "update"), adaptation.facts(kScoreFact, k));
    // Not among the bytes of the file.
    IsStandardOutput(out) ? LogInfo(text) : fmt::print("{}\n", text);
  }
  LogInfo(fmt::format("adapted parameters are in {}", out.string()));
  return 0;
}

}  // namespace

const Command kAdaptCommand = {
    .name = "adapt",
    .usage = "anole adapt RUN --goal X[,Y] --out FILE.safetensors [--section.option=value ...]",
    .summary =
        "Adapts a trained policy to one task. The adapted parameters go into a file that "
        "`anole evaluate --theta` and `anole render --theta` accept. Options may be changed, as "
        "for `anole evaluate`. Options default to those of the run.",
    .flags = {{"goal", "X[,Y]", "the task: its parameters, as `anole list` names them"},
              {"out", "FILE", "where to store the adapted parameters (safetensors)"},
              {"updates", "K", "inner updates; default: the run's evaluation.updates"},
              {"rollouts", "M", "episodes of an update; default: the run's evaluation.rollouts"},
              {"seed", "N", "of the episodes; default: the run's evaluation.seed"},
              kThreadsFlag,
              kQuietFlag,
              kLogLevelFlag},
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1,
    .takes = Takes::kRun,
    .run = RunAdapt};

}  // namespace anole
