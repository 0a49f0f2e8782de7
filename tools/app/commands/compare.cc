// anole compare: methods side by side, on the same tasks, at equal environment steps.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/app/training_aloud.h"
#include "tools/report/compare/report.h"
#include "tools/report/compare/spec.h"
#include "tools/report/compare/sweep.h"
#include "tools/report/page/run_page.h"
#include "tools/report/plot/groups.h"
#include "tools/report/seeds.h"
#include "tools/run/files/new_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

// How far a sweep is, on stderr.
compare::SweepObserver SweepAloud() {
  const auto progress = std::make_shared<std::optional<Progress>>();  // kept by both functions
  return {
      .train = TrainOneOfMany,
      .on_evaluation = [progress](std::size_t done, std::size_t total, const std::string& what) {
        if (!*progress) progress->emplace(static_cast<double>(total), 0);
        (*progress)->Show(static_cast<double>(done), "evaluated " + what);
      }};
}

// Beside the tables; what cannot be shown is told, and the tables are there.
void WriteReportPage(const fs::path& folder) {
  try {
    WriteNewFile(folder / "report.html",
                 report::RunsAsPage(plot::ReadGroups({folder.string()}),
                                    {.title = folder.filename().string(), .clips = {}}));
  } catch (const UserError& error) {
    LogWarning(fmt::format("no report.html: {}", error.what()));
  }
}

std::string Formed(const compare::CompareResult& result, report::TableForm form) {
  switch (form) {
    case report::TableForm::kText:
      return compare::TextReport(result);
    case report::TableForm::kMarkdown:
      return compare::MarkdownReport(result);
    case report::TableForm::kLatex:
      return compare::LatexReport(result);
    case report::TableForm::kCsv:
      break;
  }
  return compare::CsvReport(result);
}

int RunCompare(const CommandLine& line, const Communicator& ranks) {
  const int threads = Threads(line, ranks);
  const report::TableForm form = FormOf(line);
  const fs::path path = OnlyPositional(line, "SPEC.toml, a comparison");
  compare::CompareSpec spec = compare::ReadCompareSpec(path);
  if (const auto seeds = line.Get("seeds")) {
    spec.seeds = report::ParseSeeds("--seeds", *seeds);
    compare::CheckReported(spec, spec.seeds, "--seeds");
  }
  const fs::path folder =
      line.Get("dir").value_or((fs::path("runs") / ("compare-" + path.stem().string())).string());
  compare::CheckSweep(spec, folder);
  compare::CompareResult result;
  bool finished = false;
  WithThreads(threads,
              [&] { finished = compare::RunSweep(spec, folder, ranks, SweepAloud(), result); });
  if (!finished) {
    LogInfo("interrupted; the same command goes on where it was");
    return ExitCodeOf(InterruptGuard::signal());
  }
  compare::WriteReports(result, folder);
  WriteReportPage(folder);
  fmt::print("{}", line.Has("json") ? compare::JsonReport(result) : Formed(result, form));
  LogInfo(fmt::format("table.md, table.csv and results.json are in {}", folder.string()));
  return InterruptGuard::signal() != 0 ? ExitCodeOf(InterruptGuard::signal()) : 0;
}

const RegisterCommand registration(
    {.place = 9,
     .name = "compare",
     .usage = "anole compare SPEC.toml [--seeds A-B] [--dir DIR]",
     .summary =
         "Compares methods on the same tasks at equal environment steps. The specification "
         "names a config, the methods as changes of it, seeds and environment steps (examples are "
         "in configs/compare). Each method and seed is an ordinary run in DIR; step sizes of "
         "adaptation are chosen on validation tasks; scores are of held-out tasks that all "
         "methods share. Stopped and started again, it passes over what is finished.",
     .flags = {{"dir", "DIR", "where the runs are kept; default: runs/compare-<name of SPEC>"},
               {"seeds", "A-B", "other seeds than those of the specification: 1-5, or 1,3,7"},
               {"json", "", "print the results as JSON"},
               kTableFormatFlag,
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1,
     .takes = Takes::kComparison,
     .run_on_ranks = RunCompare});

}  // namespace
}  // namespace anole::app
