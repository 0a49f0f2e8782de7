// anole tune: chooses each method's options with the same budget, before methods are compared.
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "agents/parallel_for.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/app/training_aloud.h"
#include "tools/report/tune/report.h"
#include "tools/report/tune/search.h"
#include "tools/report/tune/spec.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/shell_text.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

// What is being done, on stderr.
tune::TuneObserver TuneAloud() {
  return {.train = TrainOneOfMany,
          .on_piece =
              [](std::size_t done, std::size_t total, const std::string& what) {
                LogInfo(fmt::format("{} of {} done; now {}", done, total, what));
              },
          .on_wait = [] { LogInfo("waiting for what other processes of this tuning are doing"); }};
}

void WarnOfMethodsWithoutScore(const tune::TuneSpec& spec, const tune::TuneResult& result) {
  for (std::size_t i = 0; i < spec.methods.size(); ++i) {
    if (spec.methods[i].trials.empty() || result.methods[i].has_best()) continue;
    LogWarning(fmt::format("{}: every trial of the last rung failed, so nothing is chosen",
                           spec.methods[i].name));
  }
}

int RunTune(const CommandLine& line, const Communicator& ranks) {
  const int threads = Threads(line, ranks);
  const fs::path path = OnlyPositional(line, "SPEC.toml, what is to be tuned");
  const tune::TuneSpec spec = tune::ReadTuneSpec(path);
  const fs::path folder =
      line.Get("dir").value_or((fs::path("runs") / ("tune-" + path.stem().string())).string());
  tune::CheckTuning(spec, folder);
  tune::TuneResult result;
  bool finished = false;
  WithThreads(threads,
              [&] { finished = tune::RunTuning(spec, folder, ranks, TuneAloud(), result); });
  if (!finished) {
    LogInfo("interrupted; the same command goes on where it was");
    return ExitCodeOf(InterruptGuard::signal());
  }
  const std::string json = tune::JsonReport(spec, result);
  WriteWholeFile(folder / "tune.json", json);
  WriteWholeFile(folder / "tune.csv", tune::CsvReport(spec, result));
  WriteWholeFile(folder / "chosen.toml", tune::ChosenSpec(spec, result, folder));
  fmt::print("{}", line.Has("json") ? json : tune::TextReport(spec, result));
  WarnOfMethodsWithoutScore(spec, result);
  LogInfo(
      fmt::format("tune.json and tune.csv are in {}; compare what was chosen with: {} compare {}",
                  folder.string(), ProgramName(), ShellPath(folder / "chosen.toml")));
  return InterruptGuard::signal() != 0 ? ExitCodeOf(InterruptGuard::signal()) : 0;
}

const RegisterCommand registration(
    {.place = 10,
     .name = "tune",
     .usage = "anole tune SPEC.toml [--dir DIR]",
     .summary =
         "Chooses each method's options before a comparison. The specification is that of "
         "a comparison with a space of values for each method (examples are in configs/tune). Each "
         "method has the same number of trials and of environment steps: all start, the best "
         "third, or so, goes on for three times as long (successive halving). Scores are of "
         "validation tasks, and of seeds from 101 on, which are never reported. What was chosen is "
         "DIR/chosen.toml, for anole compare. Stopped and started again, it goes on where it was; "
         "several processes that are given the same folder share the work.",
     .flags = {{"dir", "DIR", "where all of it is kept; default: runs/tune-<name of SPEC>"},
               {"json", "", "print the results as JSON"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1,
     .takes = Takes::kTuning,
     .run_on_ranks = RunTune});

}  // namespace
}  // namespace anole::app
