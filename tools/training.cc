#include "tools/training.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/interrupt.h"
#include "tools/metrics_log.h"
#include "tools/progress.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// What a resumed run may change: how long it goes on and what its future files are, nothing that
// would have altered the run so far.
bool MayChange(const std::string& option) {
  return option == "meta.iterations" || option == "run.checkpoint_every" ||
         option.starts_with("evaluation.");
}

// Opens the run in `path` to go on with it as `experiment`; writes nothing.
TrainingRun OpenRun(Experiment experiment, const fs::path& path, const std::string& where) {
  RunDirectory directory = RunDirectory::Open(path);
  Experiment stored(Settings::FromFile(directory.config()));
  for (const OptionDifference& difference : Difference(stored.Options(), experiment.Options())) {
    if (!MayChange(difference.name)) RefuseChange(where, difference);
  }
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  MetaState state = LoadState(directory.LatestCheckpoint(), loop->spec().layout);
  if (experiment.trainer.iterations < state.iteration) {
    throw UserError(where + ": meta.iterations = " + std::to_string(experiment.trainer.iterations) +
                    ", but the run has done " + std::to_string(state.iteration) + " already");
  }
  return {std::move(directory), std::move(experiment), std::move(loop), std::move(state)};
}

// Whether there is something to go on with: a process may be killed before its first checkpoint.
bool HasCheckpoint(const fs::path& path) {
  return RunDirectory::IsOne(path) && !RunDirectory::Open(path).Checkpoints().empty();
}

std::string ProgressText(const MetaState& state, std::int64_t iterations, const std::string& score,
                         const MetricsRow& row, double rate) {
  const auto value = [&](const std::string& name) {
    for (const auto& [key, number] : row) {
      if (key == name) return number;
    }
    return 0.;
  };
  return fmt::format("{}/{}  {:.2f}M steps  {:.1f}k/s  {} {:.4g} -> {:.4g}", state.iteration,
                     iterations, static_cast<double>(state.samples) / 1e6, rate / 1e3, score,
                     value(score + "/before"), value(score + "/after"));
}

}  // namespace

void RefuseChange(const std::string& where, const OptionDifference& difference) {
  throw UserError(where + ": " + difference.name + " is " + difference.stored +
                  " in this run and cannot become " + difference.current +
                  "; only meta.iterations, run.checkpoint_every and evaluation.* may change");
}

TrainingRun StartRun(Experiment experiment, const fs::path& path, bool overwrite) {
  RunDirectory::CheckCreate(path, overwrite);
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  MetaState state = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  if (!experiment.run.initial.empty()) {
    const MetaState given = LoadState(experiment.run.initial, loop->spec().layout);
    state.theta = given.theta;
    state.context = given.context;
  }
  RunDirectory directory = RunDirectory::Create(path, overwrite, experiment.Toml());
  directory.WriteCheckpoint(state, loop->spec().layout);
  return {std::move(directory), std::move(experiment), std::move(loop), std::move(state)};
}

TrainingRun ContinueRun(Experiment experiment, const fs::path& path) {
  TrainingRun run = OpenRun(std::move(experiment), path, "--resume");
  run.directory.WriteConfig(run.experiment.Toml());
  return run;
}

TrainingRun StartOrContinueRun(const Settings& settings, const fs::path& path) {
  if (!HasCheckpoint(path)) return StartRun(Experiment(settings), path, /*overwrite=*/true);
  TrainingRun run = OpenRun(Experiment(settings), path, path.string());
  if (!run.finished()) run.directory.WriteConfig(run.experiment.Toml());
  return run;
}

void CheckStartOrContinue(const Settings& settings, const fs::path& path) try {
  if (HasCheckpoint(path)) {
    OpenRun(Experiment(settings), path, path.string());
  } else {
    RunDirectory::CheckCreate(path, /*overwrite=*/true);
  }
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": " + error.code().message());
}

Stop Train(TrainingRun& run) {
  using Clock = std::chrono::steady_clock;
  const auto gradient = run.experiment.MakeGradient();
  const auto optimizer = run.experiment.MakeOptimizer();
  const std::int64_t iterations = run.experiment.trainer.iterations;
  const Trainer trainer(run.experiment.trainer, static_cast<std::uint64_t>(run.experiment.run.seed),
                        *run.loop, *gradient, *optimizer);
  MetricsLog metrics(run.directory.metrics(), run.state.iteration);
  const InterruptGuard interrupts("ending the iteration; Ctrl-C again stops at once, without it");
  Progress progress(static_cast<double>(iterations), static_cast<double>(run.state.iteration));
  bool converged = false, interrupted = false;
  while (run.state.iteration < iterations && !converged && !interrupted) {
    const Clock::time_point start = Clock::now();
    const std::int64_t samples = run.state.samples;
    const IterationFacts facts = trainer.Step(run.state);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double rate = static_cast<double>(run.state.samples - samples) / seconds;
    MetricsRow row = Metrics(run.state, run.loop->spec(), facts);
    const std::string text = ProgressText(run.state, iterations, run.loop->spec().score, row, rate);
    row.emplace_back("time/iteration_s", seconds);
    row.emplace_back("time/env_steps_per_s", rate);
    metrics.Write(row);
    converged = trainer.Converged(facts);
    interrupted = InterruptGuard::signal() != 0;  // asked once: no stop without its checkpoint
    if (converged || interrupted || run.state.iteration == iterations ||
        run.state.iteration % run.experiment.run.checkpoint_every == 0) {
      run.directory.WriteCheckpoint(run.state, run.loop->spec().layout);
    }
    progress.Show(static_cast<double>(run.state.iteration), text);
  }
  if (converged) return Stop::kConverged;
  return run.state.iteration < iterations ? Stop::kInterrupted : Stop::kDone;
}

}  // namespace anole
