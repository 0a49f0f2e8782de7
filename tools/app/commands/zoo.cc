// anole zoo: trained parameters that come with the program.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/report/config_path.h"
#include "tools/report/zoo/entry.h"
#include "tools/report/zoo/listing.h"
#include "tools/report/zoo/making.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

// A name that needs no quotes in any shell, and is no path.
void CheckName(const std::string& name) {
  const auto is_plain = [](char c) {
    return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '_';
  };
  if (!name.empty() && std::ranges::all_of(name, is_plain)) return;
  throw UserError("--add=" + name + ": a name is of lower-case letters, digits, '-' and '_'");
}

int Add(const CommandLine& line, const std::string& name, const Communicator& ranks) {
  CheckName(name);
  if (line.positionals.empty()) throw UserError("missing argument: RUN..., finished runs");
  const fs::path folder = fs::path(line.Get("dir").value_or("configs/zoo")) / name;
  if (!line.Has("dir") && !fs::is_directory("configs")) {
    throw UserError("there is no configs/ here; --dir says where the zoo is");
  }
  const std::vector<fs::path> runs(line.positionals.begin(), line.positionals.end());
  bool finished = false;
  WithThreads(Threads(line, ranks), [&] {
    finished = zoo::MakeEntry(runs, folder, line.Has("overwrite"), ranks,
                              [](const std::string& told) { LogInfo(told); });
  });
  if (!finished) return ExitCodeOf(InterruptGuard::signal());
  LogInfo(fmt::format("the entry is in {}", folder.string()));
  return 0;
}

int RunZoo(const CommandLine& line, const Communicator& ranks) {
  if (const auto name = line.Get("add")) return Add(line, *name, ranks);
  for (const char* flag : {"overwrite", "dir"}) {
    if (line.Has(flag)) throw UserError(fmt::format("--{}: goes with --add", flag));
  }
  if (!line.positionals.empty()) {
    throw UserError(line.positionals.front() + ": runs go with --add NAME");
  }
  std::vector<zoo::Entry> entries;
  for (const fs::path& folder : report::ZooEntries()) entries.push_back(zoo::ReadEntry(folder));
  if (line.Has("json")) {
    fmt::print("{}", zoo::ListJson(entries));
  } else if (entries.empty()) {
    LogInfo("the zoo has no entries");
  } else {
    fmt::print("{}", zoo::ListText(entries));
  }
  return 0;
}

const RegisterCommand registration(
    {.place = 11,
     .name = "zoo",
     .usage = "anole zoo [--json] | --add NAME RUN...",
     .summary =
         "Lists trained parameters that come with the program. zoo:NAME is taken wherever a "
         "run is: `anole evaluate zoo:NAME`, or render, adapt and info; `anole train zoo:NAME` "
         "trains its config. With --add it makes an entry of finished runs that differ in their "
         "seeds only: their config, the parameters of the run that is in the middle, and the "
         "figures of all of them.",
     .flags = {{"json", "", "print all that the entries tell, as JSON"},
               {"add", "NAME", "make the entry NAME of the runs"},
               {"dir", "DIR", "where to; default: configs/zoo of the working folder"},
               {"overwrite", "", "replace an entry that is there already"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1000,
     .takes = Takes::kRun,
     .run_on_ranks = RunZoo});

}  // namespace
}  // namespace anole::app
