// anole train: meta-trains, in a run directory that can be stopped and resumed at any time.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "agents/parallel_for.h"
#include "configs/toml_text.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/experiment.h"
#include "tools/interrupt.h"
#include "tools/metrics_log.h"
#include "tools/progress.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

struct Run {
  RunDirectory directory;
  Experiment experiment;
  std::unique_ptr<InnerLoop> loop;
  MetaState state;
};

Settings WithCommandLine(Settings settings, const CommandLine& line) {
  line.ApplyTo(settings);
  if (const auto seed = line.Get("seed")) settings.Set("run.seed", *seed);
  return settings;
}

// "configs/cheetah-direction.toml" trains into "runs/cheetah-direction-1".
fs::path DefaultDirectory(const std::string& config, std::int64_t seed) {
  return fs::path("runs") / (fs::path(config).stem().string() + "-" + std::to_string(seed));
}

Run StartRun(const CommandLine& line) {
  const std::string config = OnlyPositional(line, "CONFIG.toml, or --resume DIR");
  const Settings settings = WithCommandLine(Settings::FromFile(config), line);
  Experiment experiment(settings);
  // Refers to the same file from whatever directory the stored config is run again.
  if (!experiment.run.initial.empty()) {
    experiment.run.initial = fs::absolute(experiment.run.initial).string();
  }
  const fs::path path =
      line.Get("run-dir").value_or(DefaultDirectory(config, experiment.run.seed).string());
  // All that can be the user's mistake comes before the first file is touched.
  RunDirectory::CheckCreate(path, line.Has("overwrite"));
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  MetaState state = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  if (!experiment.run.initial.empty()) {
    const MetaState given = LoadState(experiment.run.initial, loop->spec().layout);
    state.theta = given.theta;
    state.context = given.context;
  }
  RunDirectory directory = RunDirectory::Create(path, line.Has("overwrite"), experiment.Toml());
  directory.WriteCheckpoint(state, loop->spec().layout);
  return {std::move(directory), std::move(experiment), std::move(loop), std::move(state)};
}

// What a resumed run may change: how long it goes on and what its future files are, nothing that
// would have altered the run so far.
bool MayChange(const std::string& option) {
  return option == "meta.iterations" || option == "run.checkpoint_every" ||
         option.starts_with("evaluation.");
}

[[noreturn]] void RefuseChange(const OptionDifference& difference) {
  throw UserError("--resume: " + difference.name + " is " + difference.stored +
                  " in this run and cannot become " + difference.current +
                  "; only meta.iterations, run.checkpoint_every and evaluation.* may change");
}

// Another component first: with it, the stored options of the present one would be refused instead.
void RefuseOtherComponents(const std::vector<OptionDescription>& stored, const CommandLine& line) {
  for (const auto& [name, text] : line.settings) {
    for (const OptionDescription& option : stored) {
      if (option.name != name || option.choices.empty()) continue;
      const std::string current = text.starts_with('"') ? text : TomlText(text);
      if (current != option.default_value) RefuseChange({name, option.default_value, current});
    }
  }
}

Run ResumeRun(const std::string& path, const CommandLine& line) {
  if (!line.positionals.empty()) {
    throw UserError("--resume takes the config of the run; '" + line.positionals.front() +
                    "' cannot be given as well");
  }
  for (const char* flag : {"run-dir", "overwrite"}) {
    if (line.Has(flag))
      throw UserError(std::string("--resume and --") + flag + " exclude each other");
  }
  RunDirectory directory = RunDirectory::Open(path);
  Experiment stored(Settings::FromFile(directory.config()));
  RefuseOtherComponents(stored.Options(), line);
  Experiment experiment(WithCommandLine(Settings::FromFile(directory.config()), line));
  for (const OptionDifference& difference : Difference(stored.Options(), experiment.Options())) {
    if (!MayChange(difference.name)) RefuseChange(difference);
  }
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  MetaState state = LoadState(directory.LatestCheckpoint(), loop->spec().layout);
  if (experiment.trainer.iterations < state.iteration) {
    throw UserError("--resume: meta.iterations = " + std::to_string(experiment.trainer.iterations) +
                    ", but the run has done " + std::to_string(state.iteration) + " already");
  }
  directory.WriteConfig(experiment.Toml());
  return {std::move(directory), std::move(experiment), std::move(loop), std::move(state)};
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

enum class Stop { kDone, kConverged, kInterrupted };

Stop TrainLoop(Run& run) {
  using Clock = std::chrono::steady_clock;
  const auto gradient = run.experiment.MakeGradient();
  const auto optimizer = run.experiment.MakeOptimizer();
  const std::int64_t iterations = run.experiment.trainer.iterations;
  const Trainer trainer(run.experiment.trainer, static_cast<std::uint64_t>(run.experiment.run.seed),
                        *run.loop, *gradient, *optimizer);
  MetricsLog metrics(run.directory.metrics(), run.state.iteration);
  const InterruptGuard interrupts;
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

int Train(const CommandLine& line) {
  const int threads = Threads(line);
  const std::optional<std::string> resumed = line.Get("resume");
  Run run = resumed ? ResumeRun(*resumed, line) : StartRun(line);
  const std::string path = run.directory.path().string();
  fmt::print(stderr, "{} {} on {} thread{}: {} iterations of {} tasks, in {}\n",
             resumed ? "resuming" : "training", run.experiment.family(), threads,
             threads == 1 ? "" : "s", run.experiment.trainer.iterations,
             run.experiment.trainer.batch_size, path);
  Stop stop{};
  WithThreads(threads, [&] { stop = TrainLoop(run); });
  if (stop == Stop::kInterrupted) {
    fmt::print(stderr, "interrupted after {} iterations; go on with: anole train --resume {}\n",
               run.state.iteration, path);
    return kExitInterrupted;
  }
  if (stop == Stop::kConverged) {
    fmt::print(stderr, "converged after {} iterations\n", run.state.iteration);
  }
  fmt::print(stderr, "evaluate it on unseen tasks with: anole evaluate {}\n", path);
  return 0;
}

}  // namespace

const Command kTrainCommand = {
    .name = "train",
    .usage = "anole train (CONFIG.toml | --resume DIR) [--section.option=value ...]",
    .summary =
        "Meta-trains a policy. All options of a config may be overridden on the command "
        "line. Ctrl-C ends the current iteration, writes a checkpoint and says how to go "
        "on; a second Ctrl-C stops at once.",
    .flags = {{"run-dir", "DIR", "where the run is kept; default: runs/<config name>-<seed>"},
              {"overwrite", "", "replace a run that is there already"},
              {"resume", "DIR", "go on with a run, exactly as if it had not been stopped"},
              {"seed", "N", "short for --run.seed"},
              kThreadsFlag},
    .takes_options = true,
    .max_positionals = 1,
    .run = Train};

}  // namespace anole
