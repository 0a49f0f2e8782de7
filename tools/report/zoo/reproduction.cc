#include "tools/report/zoo/reproduction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/report/zoo/making.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_files.h"

namespace anole::zoo {
namespace {

namespace fs = std::filesystem;

Settings SettingsOf(const fs::path& folder, std::int64_t seed) {
  Settings settings = Settings::FromFile(folder / kConfigFile);
  settings.Set("run.seed", std::to_string(seed));
  return settings;
}

}  // namespace

Verdict Judge(const Entry& entry, const RunFigures& figures) {
  const auto run = std::ranges::find(entry.runs, figures.seed, &RunFigures::seed);
  if (run != entry.runs.end() && run->signature == figures.signature) return Verdict::kSameBits;
  const Interval expected = entry.Expected();
  if (std::isnan(expected.low)) return Verdict::kUnknown;
  const double last = figures.means[figures.means.size() - 1];
  return expected.low <= last && last <= expected.high ? Verdict::kWithin : Verdict::kOutside;
}

std::vector<Reproduced> Reproduce(const fs::path& folder, const Entry& entry,
                                  const std::vector<std::int64_t>& seeds, const fs::path& dir,
                                  const Communicator& ranks, const ReproductionObserver& observer) {
  const InterruptGuard interrupts("stopping before the next run",
                                  "stopped at once; the same command goes on where it was");
  const auto path = [&](std::int64_t seed) { return dir / fmt::format("{}-{}", entry.name, seed); };
  for (const std::int64_t seed : seeds) {
    Run::CheckCreateOrResume(SettingsOf(folder, seed), path(seed));
  }
  std::vector<Reproduced> all;
  for (const std::int64_t seed : seeds) {
    bool failed = false;
    {
      Run run = Run::CreateOrResume(SettingsOf(folder, seed), path(seed));
      while (!run.finished() && !run.divergence()) {
        observer.train(run, ranks);
        if (InterruptGuard::signal() != 0) return all;
      }
      failed = run.divergence().has_value();
    }
    Reproduced& reproduced = all.emplace_back();
    reproduced.seed = seed;
    if (failed) {
      reproduced.verdict = Verdict::kFailed;
      continue;
    }
    observer.tell("evaluating " + path(seed).string());
    reproduced.figures = FiguresOf(path(seed), ranks);
    reproduced.verdict = Judge(entry, reproduced.figures);
    if (InterruptGuard::signal() != 0) return all;
  }
  return all;
}

}  // namespace anole::zoo
