#include "tools/run/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <new>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "meta/checkpoint.h"
#include "meta/finite.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/run/count_text.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/logs/run_health.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/logs/run_log.h"
#include "tools/run/logs/usage.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_task.h"
#include "tools/run/same_run.h"
#include "tools/run/shared_work.h"
#include "tools/run/shell_text.h"
#include "tools/run/simulated_text.h"
#include "tools/run/task_copy.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// Whether a run that has diverged is to be gone on with as it is, or may be given other steps.
enum class AfterDivergence { kAsItIs, kOtherSteps };

// Reads the run as it is to go on with `settings`; writes nothing.
TrainingRun ReadRun(Settings settings, RunDirectory directory, const std::string& where,
                    AfterDivergence after) {
  if (NamesOtherTask(settings)) settings.Set(kChecksumOption, "any");  // compared below
  Experiment experiment = ExperimentOf(directory.path(), settings, kTaskStays);
  const fs::path checkpoint = directory.checkpoints().Latest();
  std::optional<Divergence> divergence = ReadDivergence(directory);
  const bool takes_steps = divergence && after == AfterDivergence::kOtherSteps;
  std::vector<OptionDifference> changed_steps;
  CheckSameRun(settings, directory, checkpoint, where, experiment,
               [&](const OptionDifference& difference) {
                 if (!takes_steps || !IsStepOption(difference.name)) return false;
                 changed_steps.push_back(difference);
                 return true;
               });
  if (!changed_steps.empty()) divergence.reset();
  auto clock = std::make_unique<StepClock>();
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop(clock.get());
  MetaState state = LoadState(checkpoint, loop->spec().layout);
  CheckOptimizer(checkpoint, experiment.optimizer_memory(state.theta.size()));
  if (experiment.trainer.iterations < state.iteration) {
    throw UserError(where + ": meta.iterations = " + std::to_string(experiment.trainer.iterations) +
                    ", but the run has done " + std::to_string(state.iteration) + " already");
  }
  return {std::move(directory), std::move(experiment), std::move(clock),        std::move(loop),
          std::move(state),     std::move(divergence), std::move(changed_steps)};
}

// Whether there is something to go on with: a process may be killed before its first checkpoint.
bool HasCheckpoint(const fs::path& path) {
  return RunDirectory::IsOne(path) && !RunDirectory::Open(path).checkpoints().Files().empty();
}

// The command that goes on where a run whose files cannot be written any more is; or what became of
// it.
std::string WayOn(const RunDirectory& directory) {
  const fs::path& path = directory.path();
  if (const std::optional<fs::path> moved = directory.Moved()) {
    if (moved->empty()) {
      return fmt::format("the run folder {} was removed while it trained", path.string());
    }
    return fmt::format(
        "the run folder {} was moved to {} while it trained; go on with: {} train "
        "--resume {}",
        path.string(), moved->string(), ProgramName(), ShellPath(*moved));
  }
  if (!HasCheckpoint(path)) return "there is no checkpoint to go on from; start it again";
  return fmt::format("when that is mended, go on with: {} train --resume {}", ProgramName(),
                     ShellPath(path));
}

// "2.40M steps", "1.52k examples"
std::string SamplesText(double samples, bool rolls_out) {
  const bool millions = rolls_out || samples >= 1e6;
  return fmt::format("{:.2f}{} {}", samples / (millions ? 1e6 : 1e3), millions ? "M" : "k",
                     rolls_out ? "steps" : "examples");
}

// per_second: samples, of all that a training does: files and validations count.
std::string ProgressText(const TrainingRun& run, const MetricsRow& row, double per_second) {
  const auto value = [&](const std::string& name) {
    return std::ranges::find(row, name, &MetricsRow::value_type::first)->second;
  };
  const MetaState& state = run.state;
  const std::string& score = run.loop->spec().score;
  std::string text = fmt::format(
      "{}/{}  {}  {:.1f}k/s  {} {:.4g}", state.iteration, run.experiment.trainer.iterations,
      SamplesText(static_cast<double>(state.samples), run.experiment.rolls_out()), per_second / 1e3,
      score, value(score + "/before"));
  if (ScoredUpdates(row, score) > 0) text += fmt::format(" -> {:.4g}", value(score + "/after"));
  if (!std::isnan(state.best.score)) {
    text += fmt::format("  best {:.4g} at {}", state.best.score, state.best.iteration);
  }
  return text;
}

// What the numbers of ProgressText are. The batch of the last update is the last one, unless the
// meta gradient asks for one after it.
std::string ShownText(const TrainingRun& run) {
  const InnerLoopSpec& spec = run.loop->spec();
  const std::int64_t updates = spec.training.updates;
  const std::int64_t scored =
      run.experiment.MakeGradient()->needs().gradient ? updates : updates - 1;
  if (scored == 0) {
    return fmt::format(
        "shown is the {} before adaptation; that after its single update is not "
        "measured in training",
        spec.score);
  }
  return fmt::format("shown is the {} before adaptation -> after {} of its {}", spec.score, scored,
                     CountText(updates, "update"));
}

// The columns of validation, where there is any; empty cells where none was due.
void AppendValidation(const ValidationOptions& options, std::span<const double> values,
                      MetricsRow& row) {
  if (options.every == 0) return;
  const std::vector<std::string> names = options.MetricNames();
  for (std::size_t i = 0; i < names.size(); ++i) {
    row.emplace_back("validation/" + names[i], values.empty() ? std::nan("") : values[i]);
  }
}

// For meta.json.
std::string StopName(Stop stop) {
  switch (stop) {
    case Stop::kDone:
      return "finished";
    case Stop::kConverged:
      return "converged";
    case Stop::kPatience:
      return "out of patience";
    case Stop::kMaxEnvSteps:
      return "max_env_steps";
    case Stop::kMaxSeconds:
      return "max_seconds";
    case Stop::kInterrupted:
      return "interrupted";
    case Stop::kDiverged:
      return "diverged";
  }
  return {};
}

// Warns of what a run's newest rows tell, of each kind once in a run.
class HealthWatch {
 public:
  HealthWatch(const RunHistory& history, std::vector<OptionDescription> options)
      : history_(history), options_(std::move(options)), told_(history.warnings()) {}

  void Observe(const MetricsRow& row, std::int64_t iteration) {
    if (rows_.size() == kHealthRows) rows_.erase(rows_.begin());
    rows_.push_back(row);
    for (const HealthWarning& warning : Diagnose(rows_, options_)) {
      if (!told_.insert(warning.kind).second) continue;
      LogWarning(fmt::format("iteration {}: {}", iteration, warning.text));
      history_.Warn(warning, iteration);
    }
  }

 private:
  const RunHistory& history_;
  std::vector<OptionDescription> options_;
  std::set<std::string> told_;
  std::vector<MetricsRow> rows_;  // the newest ones
};

Stop TrainAndLog(TrainingRun& run, RunLog& log, const RunHistory& history,
                 const Communicator& ranks) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const std::int64_t first_samples = run.state.samples;
  const Experiment& experiment = run.experiment;
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const std::int64_t iterations = experiment.trainer.iterations;
  const Trainer trainer(experiment.trainer, static_cast<std::uint64_t>(experiment.run.seed),
                        *run.loop, *gradient, *optimizer, ranks);
  Progress progress(static_cast<double>(iterations), static_cast<double>(run.state.iteration));
  std::int64_t stored = run.state.iteration;  // the newest checkpoint
  const auto write_checkpoint = [&] {
    if (stored == run.state.iteration) return;
    log.Sync();
    run.directory.checkpoints().Write(run.state, run.loop->spec().layout, NotesOf(run.experiment),
                                      experiment.run.retention());
    stored = run.state.iteration;
  };
  std::int64_t idle = 0;  // iterations in a row without a single environment step
  // Whether the last outer step went further than the adaptations. Before the first one: whether
  // its length has nothing to do with theirs.
  bool outer_led = gradient->needs().gradient;
  HealthWatch health(history, run.experiment.Options());
  run.divergence.reset();
  std::optional<Stop> stop = run.end();
  GoesOn(ranks, !stop);
  while (!stop) {
    const Usage usage(*run.clock, run.state);
    const std::int64_t samples = run.state.samples;
    IterationFacts facts;
    try {
      facts = trainer.Step(run.state);
    } catch (const RunawayError& error) {
      GoesOn(ranks, false);
      run.divergence = Explain(error, run.experiment, outer_led);
      write_checkpoint();
      return Stop::kDiverged;
    }
    outer_led = facts.step_norm > 1.001 * facts.adapted_distance;
    idle = run.state.samples > samples ? 0 : idle + 1;
    MetricsRow row = Metrics(run.state, run.loop->spec(), facts);
    usage.AppendTo(row, SamplesColumn(run.experiment.rolls_out()));
    std::vector<double> validation;
    if (experiment.validation.IsDue(run.state)) {
      validation =
          Validate(*run.loop, experiment.validation, experiment.evaluation.seed, run.state, ranks);
    }
    AppendValidation(experiment.validation, validation, row);

    stop = run.end();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (!stop && experiment.run.max_seconds > 0 && seconds >= experiment.run.max_seconds) {
      stop = Stop::kMaxSeconds;
    }
    if (!stop && InterruptGuard::signal() != 0) stop = Stop::kInterrupted;
    if (!stop && idle == kMaxIdleIterations) {
      run.divergence = ExplainIdle(run.state.iteration, run.experiment);
      stop = Stop::kDiverged;
    }
    GoesOn(ranks, !stop);  // at once: the other ranks do not wait for the files

    if (experiment.run.IsLogged(run.state.iteration) || !validation.empty()) log.Write(row);
    health.Observe(row, run.state.iteration);
    const bool is_best = !validation.empty() && run.state.best.iteration == run.state.iteration;
    if (stop || is_best || run.state.iteration % experiment.run.checkpoint_every == 0) {
      write_checkpoint();
    }
    const double so_far = std::chrono::duration<double>(Clock::now() - start).count();
    progress.Show(
        static_cast<double>(run.state.iteration),
        ProgressText(run, row, static_cast<double>(run.state.samples - first_samples) / so_far));
  }
  return *stop;
}

}  // namespace

std::optional<Stop> TrainingRun::end() const {
  if (state.iteration >= experiment.trainer.iterations) return Stop::kDone;
  if (experiment.trainer.HasConverged(state)) return Stop::kConverged;
  if (experiment.validation.IsExhausted(state)) return Stop::kPatience;
  const std::int64_t max = experiment.run.max_env_steps;
  if (max > 0 && state.samples >= max) return Stop::kMaxEnvSteps;
  return {};
}

TrainingRun StartRun(Experiment experiment, const fs::path& path, bool overwrite) {
  RunDirectory::CheckCreate(path, overwrite);
  auto clock = std::make_unique<StepClock>();
  std::unique_ptr<InnerLoop> loop = experiment.MakeLoop(clock.get());
  experiment.CheckMemoryToTrain(*loop);
  MetaState state = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  if (!experiment.run.initial.empty()) {
    if (!experiment.run.any_family) {
      CheckFamily(experiment.run.initial, ReadNotes(experiment.run.initial), experiment,
                  "--run.any_family=true");
    }
    const MetaState given = LoadState(experiment.run.initial, loop->spec().layout);
    state.theta = given.theta;
    state.context = given.context;
  }
  // Refused before anything is written.
  TrainingPlan(*loop, *experiment.MakeGradient(), *experiment.MakeOptimizer());
  const auto kept = experiment.Kept();
  RunDirectory directory =
      RunDirectory::Create(path, overwrite, experiment.Toml(kept ? KeptPath(kept->files) : ""),
                           kept ? &kept->files : nullptr);
  if (kept) CheckCopy(directory);
  directory.checkpoints().Write(state, loop->spec().layout, NotesOf(experiment),
                                experiment.run.retention());
  return {std::move(directory), std::move(experiment), std::move(clock), std::move(loop),
          std::move(state)};
}

namespace {

TrainingRun Continue(const Settings& settings, const fs::path& path, const std::string& where,
                     AfterDivergence after) {
  TrainingRun unlocked = ReadRun(settings, RunDirectory::Open(path), where, after);
  if (unlocked.finished()) return unlocked;
  if (unlocked.divergence && after == AfterDivergence::kAsItIs) return unlocked;  // nothing to do
  unlocked.experiment.CheckMemoryToTrain(*unlocked.loop);
  // Again, now that nobody else writes it.
  TrainingRun run = ReadRun(settings, RunDirectory::OpenToTrain(path), where, after);
  run.directory.WriteConfig(run.experiment.Toml(RenewTask(run.directory, run.experiment)));
  return run;
}

}  // namespace

TrainingRun ContinueRun(const Settings& settings, const fs::path& path, const std::string& where) {
  return Continue(settings, path, where, AfterDivergence::kOtherSteps);
}

TrainingRun StartOrContinueRun(const Settings& settings, const fs::path& path) {
  if (HasCheckpoint(path)) {
    return Continue(settings, path, path.string(), AfterDivergence::kAsItIs);
  }
  return StartRun(Experiment(settings), path, /*overwrite=*/true);
}

void CheckStartOrContinue(const Settings& settings, const fs::path& path) try {
  if (!HasCheckpoint(path)) {
    RunDirectory::CheckCreate(path, /*overwrite=*/true);
  } else if (!ReadRun(settings, RunDirectory::Open(path), path.string(), AfterDivergence::kAsItIs)
                  .finished()) {
    RunLock::Check(path);
  }
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": " + error.code().message());
}

Stop Train(TrainingRun& run, const Communicator& ranks) try {
  const fs::path& path = run.directory.path();
  const InterruptGuard interrupts(
      "ending the iteration; Ctrl-C again stops at once, without it",
      fmt::format("stopped at once; go on from the last checkpoint with: {} train --resume {}",
                  ProgramName(), ShellPath(path)));
  const LogFile log_file(run.directory.log());
  WarnOfIdleRanks(ranks, run.experiment.trainer.adaptations());
  LogInfo(fmt::format("{} {} on {}{}: {} of {}, in {}",
                      run.state.iteration > 0 ? "resuming" : "training", run.experiment.family(),
                      ranks.size() > 1 ? fmt::format("{} ranks of ", ranks.size()) : "",
                      CountText(CurrentThreads(), "thread"),
                      CountText(run.experiment.trainer.iterations, "iteration"),
                      CountText(run.experiment.trainer.batch_size, "task"), path.string()));
  const std::string simulated = SimulatedText(*run.loop);
  if (!simulated.empty()) LogInfo(simulated);
  for (const std::string& warning : run.loop->spec().warnings) LogWarning(warning);
  LogInfo(ShownText(run));
  for (const OptionDifference& change : run.changed_steps) {
    LogInfo(fmt::format("{} is {} from here on, as the run diverged with {}", change.name,
                        change.current.empty() ? "no option" : change.current, change.stored));
  }
  run.directory.checkpoints().Repair(run.state);
  const RunHistory history(path, run.state, run.experiment.run.seed, CurrentThreads(),
                           ranks.size());
  RunLog log(run.directory, run.state, Settings::TextOfFile(run.directory.config()));
  const double cpu = CpuSeconds();
  Stop stop{};
  ShareTraining(ranks, run.experiment, run.state,
                [&] { stop = TrainAndLog(run, log, history, ranks); });
  history.End(run.state, SamplesColumn(run.experiment.rolls_out()), StopName(stop),
              log.cpu_seconds() / (CpuSeconds() - cpu), run.divergence);
  if (stop == Stop::kDiverged) {
    LogError(fmt::format("{}: {}; go on from iteration {} with: {} train --resume {} {}",
                         path.string(), EndText(run, stop), run.state.iteration, ProgramName(),
                         ShellPath(path), run.divergence->hint));
  } else {
    LogInfo(EndText(run, stop));
  }
  return stop;
} catch (const std::bad_alloc&) {
  throw std::runtime_error("not enough memory to train; what asks for most is " +
                           run.experiment.LargestNeed(*run.loop));
} catch (const fs::filesystem_error& error) {
  throw std::runtime_error(Describe(error) + "; " + WayOn(run.directory));
}

std::string EndText(const TrainingRun& run, Stop stop) {
  const std::string iterations = CountText(run.state.iteration, "iteration");
  switch (stop) {
    case Stop::kDone:
      return "finished after " + iterations;
    case Stop::kConverged:
      return "converged after " + iterations;
    case Stop::kPatience:
      return fmt::format("stopped after {}: no validation was better than that of iteration {}",
                         iterations, run.state.best.iteration);
    case Stop::kMaxEnvSteps:
      return fmt::format("stopped after {}: run.max_env_steps is reached", iterations);
    case Stop::kMaxSeconds:
      return fmt::format("stopped after {}: run.max_seconds is over", iterations);
    case Stop::kInterrupted:
      return "interrupted after " + iterations;
    case Stop::kDiverged:
      return run.divergence->reason;
  }
  return {};
}

}  // namespace anole
