// anole reproduce: trains an entry of the zoo again, and says whether it is what it is said to be.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/app/training_aloud.h"
#include "tools/report/config_path.h"
#include "tools/report/seeds.h"
#include "tools/report/zoo/entry.h"
#include "tools/report/zoo/listing.h"
#include "tools/report/zoo/reproduction.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::int64_t> ChooseSeeds(const CommandLine& line, const zoo::Entry& entry) {
  if (const auto seeds = line.Get("seeds")) return report::ParseSeeds("--seeds", *seeds);
  std::vector<std::int64_t> seeds;
  for (const zoo::RunFigures& run : entry.runs) seeds.push_back(run.seed);
  return seeds;
}

int RunReproduce(const CommandLine& line, const Communicator& ranks) {
  const fs::path folder = report::FindZooEntry(OnlyPositional(line, "NAME, an entry of the zoo"));
  const zoo::Entry entry = zoo::ReadEntry(folder);
  const std::vector<std::int64_t> seeds = ChooseSeeds(line, entry);
  const fs::path dir =
      line.Get("dir").value_or((fs::path("runs") / ("reproduce-" + entry.name)).string());
  const zoo::ReproductionObserver observer = {
      .train = TrainOneOfMany, .tell = [](const std::string& told) { LogInfo(told); }};
  std::vector<zoo::Reproduced> all;
  WithThreads(Threads(line, ranks),
              [&] { all = zoo::Reproduce(folder, entry, seeds, dir, ranks, observer); });
  if (all.size() < seeds.size()) {
    LogInfo("interrupted; the same command goes on where it was");
    return ExitCodeOf(InterruptGuard::signal());
  }
  fmt::print("{}", line.Has("json") ? zoo::ReproductionJson(entry, all)
                                    : zoo::ReproductionText(entry, all));
  if (InterruptGuard::signal() != 0) return ExitCodeOf(InterruptGuard::signal());
  const bool is_as_said = std::ranges::all_of(all, [](const zoo::Reproduced& one) {
    return one.verdict == zoo::Verdict::kSameBits || one.verdict == zoo::Verdict::kWithin;
  });
  return is_as_said ? 0 : kExitFailure;
}

const RegisterCommand registration(
    {.place = 12,
     .name = "reproduce",
     .usage = "anole reproduce NAME [--seeds A-B] [--dir DIR]",
     .summary =
         "Trains an entry of the zoo again, and says of each seed whether it has the same bits (on "
         "the same instruction set, with the same MuJoCo), or a last score in the interval where "
         "99 of 100 further runs would be, by the scores of the entry's own runs. Exit code 0: "
         "each seed has; 1: one has not. Stopped and started again, it goes on where it was.",
     .flags = {{"seeds", "A-B", "1-5, or 1,3,7; default: those of the entry"},
               {"dir", "DIR", "where the runs are kept; default: runs/reproduce-NAME"},
               {"json", "", "print the results as JSON"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1,
     .takes = Takes::kNoFile,
     .run_on_ranks = RunReproduce});

}  // namespace
}  // namespace anole::app
