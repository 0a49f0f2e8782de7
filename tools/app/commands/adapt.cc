// anole adapt: adapts a trained policy to one task of the user's choice and stores it.
#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "agents/control/advantages.h"
#include "agents/control/control_facts.h"
#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/app/command.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/export/episodes/episode_format.h"
#include "tools/export/parameter_file.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/output_file.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Where to store what comes of it; the task is chosen by --goal or --task, or unknown where there
// are episodes of it.
fs::path CheckedOut(const CommandLine& line) {
  const bool has_task = line.Has("goal") || line.Has("task") || line.Has("episodes");
  const auto out = line.Get("out");
  if (!has_task && !out) throw UserError("--goal and --out are missing");
  if (!out) throw UserError("--out is missing");
  if (!has_task) throw UserError("--goal is missing (or --task, or --episodes)");
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
  Json goal;  // null where it is unknown
  for (Eigen::Index i = 0; i < task.size(); ++i) {
    goal[spec.task_parameters[static_cast<std::size_t>(i)].name] = task[i];
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
      {"goal", goal}};
  if (task.size() > 0) {  // simulated
    json["seed"] = experiment.evaluation.seed;
    if (experiment.rolls_out()) json["rollouts"] = experiment.evaluation.rollouts;
  }
  json["updates"] = updates;
  json["signature"] = Signature(adapted.state);
  return json;
}

// Throws std::runtime_error where updates have broken the parameters: they are worth no file.
void CheckAdapted(const Adapted& adapted, const std::string& to, Run& run) {
  if (AllFinite(adapted.state.theta)) return;
  throw std::runtime_error(
      fmt::format("{}: updates break the parameters, which are not finite any more: nothing "
                  "is stored; make {} smaller",
                  to, run.experiment().step_name()));
}

// The files of --episodes FILE FILE ...: all words but the first, which is the run.
std::vector<fs::path> EpisodeFilesOf(const CommandLine& line) {
  std::vector<fs::path> files;
  if (const auto first = line.Get("episodes")) files.emplace_back(*first);
  if (line.positionals.size() > 1 && files.empty()) {
    throw UserError("too many arguments: '" + line.positionals[1] + "'");
  }
  for (std::size_t i = 1; i < line.positionals.size(); ++i) files.emplace_back(line.positionals[i]);
  return files;
}

// What is not to be given with --episodes.
void CheckNothingSimulated(const CommandLine& line) {
  for (const char* flag : {"goal", "task", "rollouts"}) {
    if (!line.Has(flag)) continue;
    throw UserError(
        fmt::format("--{}: says what to simulate; with --episodes nothing is: each of "
                    "their batches is an update",
                    flag));
  }
}

// Batches that are worth little, as a baseline is fitted to each.
void WarnOfSmallBatches(const std::vector<std::vector<Episode>>& batches, const ControlLoop& loop) {
  if (loop.options().advantages.baseline != Baseline::kLinear) return;
  const std::int64_t weights = LinearBaseline::Size(loop.policy_shape().observation_dim());
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const std::int64_t steps = CountSteps(batches[i]);
    if (steps >= weights) continue;
    LogWarning(
        fmt::format("batch {} has {}, fewer than the {} weights of the baseline: such an "
                    "update knows next to nothing",
                    i, CountText(steps, "step"), weights));
  }
}

// From what was recorded.
Adapted AdaptToFiles(const CommandLine& line, const std::vector<fs::path>& files, const Run& run) {
  CheckNothingSimulated(line);
  const ControlLoop* const loop = run.control_loop();
  if (loop == nullptr) {
    throw UserError(run.experiment().family() +
                    ": its tasks are learned from data; there are no episodes");
  }
  auto batches = exports::ReadEpisodes(files, loop->family().spec());
  const auto all = static_cast<std::int64_t>(batches.size());
  if (const auto updates = line.Integer("updates", 1, all)) {
    batches.erase(batches.begin() + *updates, batches.end());
  }
  WarnOfSmallBatches(batches, *loop);
  Adapted adapted = run.AdaptTo(batches);
  for (Eigen::Index k = 0; k + 1 < adapted.trajectory.cols(); ++k) {
    if (adapted.trajectory.col(k) != adapted.trajectory.col(k + 1)) continue;
    LogWarning(
        fmt::format("batch {} teaches nothing: its update leaves the parameters as they were", k));
  }
  return adapted;
}

// Parameters, and all that it takes to run them. goal: empty where it is unknown.
void Store(const Run& run, const Adapted& adapted, const std::string& goal, const fs::path& out) {
  const std::int64_t updates = adapted.trajectory.cols() - 1;
  if (run.control_loop() != nullptr) {
    exports::WriteParameters(
        exports::Export(run, {.theta = adapted.state.theta, .goal = goal, .updates = updates}),
        out);
    return;
  }
  Notes notes = NotesOf(run.experiment());
  notes["goal"] = goal;
  notes["updates"] = std::to_string(updates);
  NewFile file(out);
  SaveState(file.path(), adapted.state, run.loop().spec().layout, notes);
  file.Commit();
}

int RunAdapt(const CommandLine& line) {
  const int threads = Threads(line);
  if (line.positionals.empty()) OnlyPositional(line, "RUN, a run directory");
  const std::vector<fs::path> files = EpisodeFilesOf(line);
  const fs::path out = CheckedOut(line);
  Run run = Run::Open(line.positionals.front(), RequestOf(line, {"updates", "rollouts", "seed"}));
  run.CheckParametersMove();
  AdaptationRequest request;
  if (files.empty()) request = ChooseTask(line, run);
  CheckOut(out, {".safetensors"});
  Adapted adapted;
  WithThreads(threads, [&] {
    adapted = files.empty() ? run.Adapt(request) : AdaptToFiles(line, files, run);
  });
  const std::string goal = files.empty() ? line.Get("goal").value_or(TypedGoal(request.task)) : "";
  CheckAdapted(adapted, files.empty() ? "--goal=" + goal : "--episodes=" + files.front().string(),
               run);
  WithThreads(threads, [&] { Store(run, adapted, goal, out); });
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
     .usage = "anole adapt RUN --goal X[,Y]|--task k|--episodes FILE... --out FILE.safetensors",
     .summary =
         "Adapts a trained policy to one task: in simulation, or from episodes that were recorded. "
         "The adapted parameters go into a file that `anole evaluate --theta`, `anole render "
         "--theta` and `anole export --theta` accept. Options may be changed, as "
         "for `anole evaluate`. Options default to those of the run.",
     .flags =
         {kGoalFlag,
          kTaskFlag,
          {"episodes", "FILE...",
           "recorded episodes, .csv or .jsonl: an update of each batch, in their order"},
          {"out", "FILE", "where to store the adapted parameters (safetensors)"},
          kThetaFlag,
          kAnyFamilyFlag,
          {"updates", "K",
           "inner updates; default: the run's evaluation.updates, or a batch of recorded episodes "
           "each"},
          kRolloutsFlag,
          kSeedFlag,
          {"json", "", "print the scores as JSON"},
          kThreadsFlag,
          kQuietFlag,
          kLogLevelFlag},
     .takes_options = true,
     .options_of_run = true,
     .max_positionals = 1000,
     .takes = Takes::kRunThenFiles,
     .run = RunAdapt});

}  // namespace
}  // namespace anole::app
