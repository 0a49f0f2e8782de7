// anole export: a trained policy, to be run and to learn outside anole.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "agents/parallel_for.h"
#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/export/export_folder.h"
#include "tools/export/export_format.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/run.h"
#include "tools/run/shell_text.h"

namespace anole::app {
namespace {

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const auto& [name, format] : exports::ExportFormats()) names.push_back(name);
  return names;
}

// Of --format A,B; all where there is none.
std::vector<std::string> ChosenFormats(const CommandLine& line) {
  std::vector<std::string> known = FormatNames();
  const auto text = line.Get("format");
  if (!text) return known;
  std::vector<std::string> chosen;
  std::istringstream words(*text);
  for (std::string word; std::getline(words, word, ',');) {
    if (std::ranges::count(known, word) == 0) {
      throw UserError(fmt::format("--format={}: no format is called '{}'{}", *text, word,
                                  Suggestion(word, known)));
    }
    if (std::ranges::count(chosen, word) == 0) chosen.push_back(word);
  }
  if (chosen.empty()) throw UserError("--format: names no format");
  return chosen;
}

// What the run has learned, as --theta says; adapted to a goal where one is given.
exports::Source SourceOf(const CommandLine& line, Run& run) {
  exports::Source source{.theta = Learned(run.state()).theta};
  if (const auto adapted = FindAdapted(ThetaOf(line), run.directory())) {
    source.goal = adapted->goal;
    source.updates = std::strtoll(adapted->updates.c_str(), nullptr, 10);
  }
  if (run.control_loop() != nullptr && (line.Has("goal") || line.Has("task"))) {
    run.CheckParametersMove();
    const AdaptationRequest request = ChooseTask(line, run);
    source = {.theta = run.Adapt(request).state.theta,
              .goal = TypedGoal(request.task),
              .updates = run.experiment().evaluation.updates};
  }
  return source;
}

int RunExport(const CommandLine& line) {
  const int threads = Threads(line);
  const std::vector<std::string> formats = ChosenFormats(line);
  const auto out = line.Get("out");
  const std::string path = OnlyPositional(line, "RUN, a run directory");
  if (!out) throw UserError("--out is missing: the folder to make");
  exports::CheckExportFolder(*out);
  const OpenRequest request = RequestOf(line, {"updates", "rollouts", "seed"});
  Run run = Run::Open(path, request);
  exports::ExportedPolicy policy;
  WithThreads(threads, [&] { policy = exports::Export(run, SourceOf(line, run)); });
  exports::WriteExport(policy, request, formats, *out);
  if (!policy.learning) {
    LogInfo(fmt::format("the policy acts outside anole, but does not learn there: {}",
                        policy.no_learning));
  }
  LogInfo(fmt::format("the policy is in {}; `{} check-export {}` compares it with the run", *out,
                      ProgramName(), ShellPath(*out)));
  return 0;
}

const RegisterCommand registration(
    {.place = 6,
     .name = "export",
     .usage = "anole export RUN --out DIR [--format onnx,c,...] [--goal X[,Y] [--updates K]]",
     .summary =
         "Exports a policy, to be run and to learn outside anole. Without a goal it is what a run "
         "has learned, yet to adapt; with one, adapted to it. Options may be changed, as for "
         "`anole evaluate`. Options default to those of the run.",
     .flags = {{"out", "DIR", "the folder to make; it must not exist"},
               {"format", "A[,B]",
                "which files to write beside policy.json, of `anole list formats`; default: all"},
               kGoalFlag,
               kTaskFlag,
               kThetaFlag,
               kAnyFamilyFlag,
               kUpdatesFlag,
               kRolloutsFlag,
               kSeedFlag,
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .takes_options = true,
     .options_of_run = true,
     .max_positionals = 1,
     .takes = Takes::kRun,
     .run = RunExport});

}  // namespace
}  // namespace anole::app
