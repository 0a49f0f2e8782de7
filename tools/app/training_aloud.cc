#include "tools/app/training_aloud.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/shell_text.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSameCommand = "the same command again";

// The command that goes on with a run where it is now, which is `path`.
using GoOn = std::function<std::string(const fs::path& path)>;

std::string ResumeCommand(const fs::path& path) {
  return fmt::format("{} train --resume {}", ProgramName(), ShellPath(path));
}

// How to go on with a run whose files cannot be written any more; or what became of it.
std::string WayOn(const RunDirectory& directory, const GoOn& go_on) {
  const fs::path& path = directory.path();
  const std::optional<fs::path> moved = directory.Moved();
  // A run has a checkpoint from its beginning on: without one it is being removed.
  if ((moved && moved->empty()) || (!moved && directory.checkpoints().Files().empty())) {
    return fmt::format("the run folder {} was removed while it trained", path.string());
  }
  if (moved) {
    return fmt::format("the run folder {} was moved to {} while it trained; go on with: {}",
                       path.string(), moved->string(), go_on(*moved));
  }
  return fmt::format("when that is mended, go on with: {}", go_on(path));
}

// "2.40M steps", "1.52k examples"
std::string SamplesText(double samples, bool rolls_out) {
  const bool millions = rolls_out || samples >= 1e6;
  return fmt::format("{:.2f}{} {}", samples / (millions ? 1e6 : 1e3), millions ? "M" : "k",
                     rolls_out ? "steps" : "examples");
}

// After the number of the iteration. per_second: samples, of all that a training does: files and
// validations count.
std::string ProgressText(const Run& run, const MetricsRow& row, double per_second) {
  const auto value = [&](const std::string& name) {
    return std::ranges::find(row, name, &MetricsRow::value_type::first)->second;
  };
  const MetaState& state = run.state();
  const std::string& score = run.loop().spec().score;
  std::string text =
      fmt::format("  {}  {:.1f}k/s  {} {:.4g}",
                  SamplesText(static_cast<double>(state.samples), run.experiment().rolls_out()),
                  per_second / 1e3, score, value(score + "/before"));
  if (run.experiment().scored_updates() > 0)
    text += fmt::format(" -> {:.4g}", value(score + "/after"));
  if (!std::isnan(state.best.score)) {
    text += fmt::format("  best {:.4g} at {}", state.best.score, state.best.iteration);
  }
  return text;
}

// The line that tells how far a training is.
class TrainingLine {
 public:
  TrainingLine(const Run& run, const Communicator& ranks)
      : total_(run.experiment().trainer.iterations),
        tasks_(PartOf(run.experiment().trainer.adaptations(), ranks.rank(), ranks.size()).count),
        first_samples_(run.state().samples),
        iteration_(run.state().iteration),
        progress_(static_cast<double>(total_), static_cast<double>(iteration_)) {}

  void Iteration(const Run& run, const MetricsRow& row) {
    const Clock::time_point now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    iteration_ = run.state().iteration;
    rest_ =
        ProgressText(run, row, static_cast<double>(run.state().samples - first_samples_) / seconds);
    progress_.Show(static_cast<double>(iteration_),
                   fmt::format("{}/{}{}", iteration_, total_, rest_));
    iteration_start_ = now;
  }

  // Within an iteration that takes long, on a terminal: so many of its tasks are done. By any
  // thread; one that finds another one here goes on with its work.
  void Adapted(std::int64_t done) {
    if (!progress_.is_live() || done == tasks_) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || Clock::now() - iteration_start_ < std::chrono::seconds(1)) return;
    const double share = static_cast<double>(done) / static_cast<double>(tasks_);
    progress_.Show(static_cast<double>(iteration_) + share,
                   fmt::format("{}/{} + {}/{} tasks{}", iteration_, total_, done, tasks_, rest_));
  }

 private:
  using Clock = std::chrono::steady_clock;

  const std::int64_t total_, tasks_;  // iterations; tasks of one, those of this process
  const std::int64_t first_samples_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point iteration_start_ = start_;
  std::int64_t iteration_;
  std::string rest_;
  std::mutex mutex_;
  Progress progress_;
};

void TellEnd(const Run& run, Stop stop) {
  const std::optional<Divergence>& divergence = run.divergence();
  if (stop != Stop::kDiverged || !divergence) return LogInfo(EndText(run, stop));
  const fs::path& path = run.directory().path();
  LogError(fmt::format("{}: {}; go on from iteration {} with: {} {}", path.string(),
                       EndText(run, stop), run.state().iteration, ResumeCommand(path),
                       divergence->hint));
}

void TellEndOfOne(const Run& run, Stop stop) {
  if (stop != Stop::kDiverged) return LogInfo(EndText(run, stop));
  LogWarning(fmt::format("{}: {}", run.directory().path().string(), EndText(run, stop)));
}

Stop Train(Run& run, const Communicator& ranks, const GoOn& go_on,
           const std::function<void(const Run&, Stop)>& tell_end) try {
  const InterruptGuard interrupts(
      "ending the iteration; Ctrl-C again stops at once, without it",
      fmt::format("stopped at once; go on from the last checkpoint with: {}",
                  go_on(run.directory().path())));
  std::optional<TrainingLine> line(std::in_place, run, ranks);
  return run.Train(
      {.on_iteration = [&](const Run& now, const MetricsRow& row) { line->Iteration(now, row); },
       .on_adapted = [&](std::int64_t done) { line->Adapted(done); },
       .on_end =
           [&](const Run& now, Stop stop) {
             line.reset();  // it ends before the next one
             tell_end(now, stop);
           },
       .should_stop = [] { return InterruptGuard::signal() != 0; }},
      ranks);
} catch (const fs::filesystem_error& error) {
  throw std::runtime_error(Describe(error) + "; " + WayOn(run.directory(), go_on));
}

}  // namespace

Stop TrainAloud(Run& run, const Communicator& ranks) {
  return Train(run, ranks, ResumeCommand, TellEnd);
}

Stop TrainOneOfMany(Run& run, const Communicator& ranks) {
  return Train(run, ranks, [](const fs::path& /*path*/) { return kSameCommand; }, TellEndOfOne);
}

}  // namespace anole::app
