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
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"
#include "tools/run/files/new_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/output_file.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run.h"

namespace anole::app {
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
std::string ScoresText(const InnerLoopSpec& spec, VectorIn scores) {
  const int decimals = report::SharedDecimals(scores);
  std::string text;
  for (Eigen::Index k = 0; k < scores.size(); ++k) {
    text += fmt::format("{} after {}: {}\n", spec.score, CountText(k, "update"),
                        report::DecimalText(scores[k], decimals));
  }
  return text;
}

Json ToJson(Run& run, VectorIn task, const Adapted& adapted) {
  const InnerLoopSpec& spec = run.loop().spec();
  const Experiment& experiment = run.experiment();
  Json goal;
  for (std::size_t i = 0; i < spec.task_parameters.size(); ++i) {
    goal[spec.task_parameters[i].name] = task[static_cast<Eigen::Index>(i)];
  }
  Json updates = Json::array();
  double samples = 0;
  for (Eigen::Index k = 0; k < adapted.scores.size(); ++k) {
    updates.push_back({{"update", k},
                       {spec.score, adapted.scores[k]},
                       {SamplesColumn(experiment.rolls_out()), samples}});
    samples += adapted.samples[k];
  }
  Json json = {
      {"run", run.directory().name()},
      {"family", experiment.family()},
      {"checkpoint", {{"iteration", run.state().iteration}, {"signature", Signature(run.state())}}},
      {"goal", goal},
      {"seed", experiment.evaluation.seed}};
  if (experiment.rolls_out()) json["rollouts"] = experiment.evaluation.rollouts;
  json["updates"] = updates;
  json["signature"] = Signature(adapted.state);
  return json;
}

// Throws std::runtime_error where updates have broken the parameters: they are worth no file.
void CheckAdapted(const Adapted& adapted, const std::string& goal, Run& run) {
  if (AllFinite(adapted.state.theta)) return;
  throw std::runtime_error(
      fmt::format("--goal={}: updates break the parameters, which are not finite any more: nothing "
                  "is stored; make {} smaller",
                  goal, run.experiment().step_name()));
}

int RunAdapt(const CommandLine& line) {
  const int threads = Threads(line);
  const fs::path path = OnlyPositional(line, "RUN, a run directory");
  const fs::path out = CheckedOut(line);
  Run run = Run::Open(path, RequestOf(line, {"updates", "rollouts", "seed"}));
  const AdaptationRequest request = ChooseTask(line, run);
  CheckOut(out, {".safetensors"});
  Adapted adapted;
  WithThreads(threads, [&] { adapted = run.Adapt(request); });
  const std::string goal = line.Get("goal").value_or(TypedGoal(request.task));
  CheckAdapted(adapted, goal, run);
  Notes notes = NotesOf(run.experiment());
  notes["goal"] = goal;
  notes["updates"] = std::to_string(run.experiment().evaluation.updates);
  NewFile file(out);
  SaveState(file.path(), adapted.state, run.loop().spec().layout, notes);
  file.Commit();
  const std::string text = line.Has("json") ? ToJson(run, request.task, adapted).dump(2) + "\n"
                                            : ScoresText(run.loop().spec(), adapted.scores);
  if (IsStandardOutput(out)) {  // not among the bytes of the file
    LogInfo(text.substr(0, text.size() - 1));
  } else {
    fmt::print("{}", text);
  }
  LogInfo(fmt::format("adapted parameters are in {}", out.string()));
  return 0;
}

const RegisterCommand registration(
    {.place = 3,
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
     .run = RunAdapt});

}  // namespace
}  // namespace anole::app
