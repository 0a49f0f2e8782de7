// anole adapt: adapts a trained policy to one task of the user's choice and stores it.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/app/command.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"
#include "tools/run/experiment.h"
#include "tools/run/files/new_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/output_file.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_task.h"
#include "tools/run/state_to_adapt.h"
#include "tools/run/task_choice.h"

namespace anole {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Where to store what comes of it; the task is chosen by --goal or --task.
fs::path CheckedOut(const CommandLine& line) {
  const bool has_task = line.Has("goal") || line.Has("task");
  const auto out = line.Get("out");
  if (!has_task && !out) throw UserError("--goal and --out are missing");
  if (!out) throw UserError("--out is missing");
  if (!has_task) throw UserError("--goal is missing (or --task)");
  return *out;
}

// The mean score on the batch after each number of updates.
std::string ScoresText(const InnerLoopSpec& spec, const Adaptation& adaptation) {
  const Vector scores = adaptation.facts.row(kScoreFact);
  const int decimals = SharedDecimals(scores);
  std::string text;
  for (Eigen::Index k = 0; k < scores.size(); ++k) {
    text += fmt::format("{} after {}: {}\n", spec.score, CountText(k, "update"),
                        DecimalText(scores[k], decimals));
  }
  return text;
}

Json ToJson(const RunDirectory& directory, Experiment& experiment, const InnerLoopSpec& spec,
            const MetaState& start, VectorIn task, const Adaptation& adaptation) {
  Json goal;
  for (std::size_t i = 0; i < spec.task_parameters.size(); ++i) {
    goal[spec.task_parameters[i].name] = task[static_cast<Eigen::Index>(i)];
  }
  Json updates = Json::array();
  double samples = 0;
  for (Eigen::Index k = 0; k < adaptation.facts.cols(); ++k) {
    updates.push_back({{"update", k},
                       {spec.score, adaptation.facts(kScoreFact, k)},
                       {SamplesColumn(experiment.rolls_out()), samples}});
    samples += adaptation.facts(kSamplesFact, k);
  }
  MetaState adapted = start;
  adapted.theta = adaptation.params;
  Json json = {{"run", directory.name()},
               {"family", experiment.family()},
               {"checkpoint", {{"iteration", start.iteration}, {"signature", Signature(start)}}},
               {"goal", goal},
               {"seed", experiment.evaluation.seed}};
  if (experiment.rolls_out()) json["rollouts"] = experiment.evaluation.rollouts;
  json["updates"] = updates;
  json["signature"] = Signature(adapted);
  return json;
}

int RunAdapt(const CommandLine& line) {
  const int threads = Threads(line);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  const fs::path out = CheckedOut(line);
  Settings settings = SettingsToAdapt(line, directory);
  for (const char* flag : {"updates", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  Experiment experiment = ExperimentOf(directory.path(), settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const InnerLoopSpec& spec = loop->spec();
  const TaskChoice choice = ChooseTask(line, experiment, *loop);
  CheckOut(out, {".safetensors"});
  const MetaState start = StateToAdapt(line, directory, experiment, *loop);
  const Plan plan{.updates = experiment.evaluation.updates,
                  .rollouts = experiment.evaluation.rollouts,
                  .score_last = true};
  const Address address{.seed = static_cast<std::uint64_t>(experiment.evaluation.seed),
                        .phase = Phase::kTest,
                        .task = choice.number};
  Adaptation adaptation;
  WithThreads(threads, [&] { adaptation = loop->Adapt(start, choice.task, address, plan); });
  const std::string goal = line.Get("goal").value_or(TypedGoal(choice.task));
  if (!AllFinite(adaptation.params)) {
    throw std::runtime_error(fmt::format(
        "--goal={}: updates break the parameters, which are not finite any more: nothing is "
        "stored; make {} smaller",
        goal, experiment.step_name()));
  }
  MetaState adapted = start;
  adapted.theta = adaptation.params;
  Notes notes = NotesOf(experiment);
  notes["goal"] = goal;
  notes["updates"] = std::to_string(plan.updates);
  NewFile file(out);
  SaveState(file.path(), adapted, spec.layout, notes);
  file.Commit();
  const std::string text =
      line.Has("json")
          ? ToJson(directory, experiment, spec, start, choice.task, adaptation).dump(2) + "\n"
          : ScoresText(spec, adaptation);
  if (IsStandardOutput(out)) {  // not among the bytes of the file
    LogInfo(text.substr(0, text.size() - 1));
  } else {
    fmt::print("{}", text);
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
    .flags = {kGoalFlag,
              kTaskFlag,
              {"out", "FILE", "where to store the adapted parameters (safetensors)"},
              kThetaFlag,
              kAnyFamilyFlag,
              {"updates", "K", "inner updates; default: the run's evaluation.updates"},
              {"rollouts", "M", "episodes of an update; default: the run's evaluation.rollouts"},
              {"seed", "N", "of the episodes; default: the run's evaluation.seed"},
              {"json", "", "print the scores as JSON"},
              kThreadsFlag,
              kQuietFlag,
              kLogLevelFlag},
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1,
    .takes = Takes::kRun,
    .run = RunAdapt};

}  // namespace anole
