// Run::Train: what is recorded of an iteration, and when training ends.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "envs/mujoco.h"
#include "meta/checkpoint.h"
#include "tools/run/count_text.h"
#include "tools/run/iteration_size.h"
#include "tools/run/logs/health_watch.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/logs/run_log.h"
#include "tools/run/logs/usage.h"
#include "tools/run/run.h"
#include "tools/run/shared_work.h"
#include "tools/run/simulated_text.h"
#include "tools/run/training_loop.h"

namespace anole {
namespace {

// What the scores are that people are shown.
std::string ShownText(const Run& run) {
  const InnerLoopSpec& spec = run.loop().spec();
  const std::int64_t updates = spec.training.updates;
  const std::int64_t scored = run.experiment().scored_updates();
  if (scored == 0) {
    return fmt::format(
        "shown is the {} before adaptation; that after its single update is not "
        "measured in training",
        spec.score);
  }
  return fmt::format("shown is the {} before adaptation -> after {} of its {}", spec.score, scored,
                     run.experiment().UpdatesText(updates));
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

// A run comes to the same bits only with the MuJoCo that it was begun with.
void WarnOfOtherPhysics(const std::filesystem::path& checkpoint) {
  const Notes notes = ReadNotes(checkpoint);
  const auto before = notes.find("mujoco");
  if (before == notes.end() || before->second == MujocoVersion()) return;
  LogWarning(
      fmt::format("{}: was trained with MuJoCo {}; with {} it goes on, but not to the same bits",
                  checkpoint.string(), before->second, MujocoVersion()));
}

}  // namespace

// Rank 0's part of a training.
class Run::Training : public TrainingDirector {
 public:
  Training(Run& run, const Observer& observer, RunLog& log, const RunHistory& history)
      : run_(run),
        observer_(observer),
        log_(log),
        health_(history, run.experiment_.Options()),
        stored_(run.state_.iteration),
        outer_led_(run.experiment_.MakeGradient()->needs().derivative != Derivative::kNone) {
    run.divergence_.reset();
  }

  Stop stop() const { return *stop_; }

  bool Begins() override {
    stop_ = run_.end();
    return !stop_;
  }

  void Starts() override {
    usage_.emplace(*run_.loop_.clock, run_.state_);
    samples_ = run_.state_.samples;
    adapted_ = 0;
  }

  void Adapted() override {
    const std::int64_t done = ++adapted_;
    if (observer_.on_adapted) observer_.on_adapted(done);
  }

  bool GoesOn(const IterationResult& result) override {
    outer_led_ = result.facts.step_norm > 1.001 * result.facts.adapted_distance;
    idle_ = run_.state_.samples > samples_ ? 0 : idle_ + 1;
    row_ = Metrics(run_.state_, run_.loop().spec(), result.facts);
    usage_->AppendTo(row_, SamplesColumn(run_.experiment_.rolls_out()));
    AppendValidation(run_.experiment_.validation, result.validation, row_);
    stop_ = run_.end();
    if (!stop_ && IsOverTime()) stop_ = Stop::kMaxSeconds;
    if (!stop_ && observer_.should_stop && observer_.should_stop()) stop_ = Stop::kInterrupted;
    if (!stop_ && idle_ == kMaxIdleIterations) {
      run_.divergence_ = ExplainIdle(run_.state_.iteration, run_.experiment_);
      stop_ = Stop::kDiverged;
    }
    return !stop_;
  }

  void Record(const IterationResult& result) override {
    const std::int64_t iteration = run_.state_.iteration;
    const bool is_validated = !result.validation.empty();
    if (run_.experiment_.run.IsLogged(iteration) || is_validated) log_.Write(row_);
    health_.Observe(row_, iteration);
    const bool is_best = is_validated && run_.state_.best.iteration == iteration;
    if (stop_ || is_best || iteration % run_.experiment_.run.checkpoint_every == 0) {
      WriteCheckpoint();
    }
    if (observer_.on_iteration) observer_.on_iteration(run_, row_);
  }

  void RunsAway(const RunawayError& error) override {
    run_.divergence_ = Explain(error, run_.experiment_, outer_led_);
    WriteCheckpoint();
    stop_ = Stop::kDiverged;
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool IsOverTime() const {
    const double max = run_.experiment_.run.max_seconds;
    return max > 0 && std::chrono::duration<double>(Clock::now() - start_).count() >= max;
  }

  void WriteCheckpoint() {
    if (stored_ == run_.state_.iteration) return;
    log_.Sync();
    run_.WriteCheckpoint();
    stored_ = run_.state_.iteration;
  }

  Run& run_;
  const Observer& observer_;
  RunLog& log_;
  HealthWatch health_;
  Clock::time_point start_ = Clock::now();
  std::int64_t stored_;  // the newest checkpoint
  // Whether the last outer step went further than the adaptations. Before the first one: whether
  // its length has nothing to do with theirs.
  bool outer_led_;
  std::int64_t idle_ = 0;                  // iterations in a row without a single environment step
  std::int64_t samples_ = 0;               // before the iteration
  std::atomic<std::int64_t> adapted_ = 0;  // in the iteration
  std::optional<Usage> usage_;             // of the iteration
  MetricsRow row_;                         // of the last one
  std::optional<Stop> stop_;
};

Stop Run::Train(const Observer& observer, const Communicator& ranks) try {
  const LogFile log_file(directory_.log());
  WarnOfIdleRanks(ranks, experiment_.trainer.adaptations());
  LogInfo(fmt::format(
      "{} {} on {}{}: {} of {}, in {}", state_.iteration > 0 ? "resuming" : "training",
      experiment_.family(), ranks.size() > 1 ? fmt::format("{} ranks of ", ranks.size()) : "",
      CountText(CurrentThreads(), "thread"), CountText(experiment_.trainer.iterations, "iteration"),
      CountText(experiment_.trainer.batch_size, "task"), directory_.path().string()));
  if (state_.iteration > 0 && experiment_.rolls_out()) {
    WarnOfOtherPhysics(directory_.checkpoints().Latest());
  }
  const std::string simulated = SimulatedText(loop());
  if (!simulated.empty()) LogInfo("simulated " + simulated);
  for (const std::string& warning : loop().spec().warnings) LogWarning(warning);
  const std::string much = LongIterationText(
      loop().spec(),
      TrainingPlan(loop(), *experiment_.MakeGradient(), *experiment_.MakeOptimizer()),
      experiment_.trainer);
  if (!much.empty()) LogWarning(much);
  LogInfo(ShownText(*this));
  for (const OptionDifference& change : changed_steps_) {
    LogInfo(fmt::format("{} is {} from here on, as the run diverged with {}", change.name,
                        change.current.empty() ? "no option" : change.current, change.stored));
  }
  directory_.checkpoints().Repair(state_);
  const RunHistory history(directory_.path(), state_, experiment_.run.seed, CurrentThreads(),
                           ranks.size());
  const std::string config = Settings::TextOfFile(directory_.config());
  RunLog log({directory_, state_, config, MetricsColumns(loop().spec())});
  const double cpu = CpuSeconds();
  Training training(*this, observer, log, history);
  ShareTraining(ranks, experiment_, state_,
                [&] { TrainOnRank(ranks, experiment_, loop(), state_, training); });
  history.End(state_, SamplesColumn(experiment_.rolls_out()), StopName(training.stop()),
              log.cpu_seconds() / (CpuSeconds() - cpu), divergence_);
  if (observer.on_end) observer.on_end(*this, training.stop());
  return training.stop();
} catch (const std::bad_alloc&) {
  throw std::runtime_error("not enough memory to train; what asks for most is " +
                           experiment_.LargestNeed(loop()));
}

std::string EndText(const Run& run, Stop stop) {
  const std::string iterations = CountText(run.state().iteration, "iteration");
  switch (stop) {
    case Stop::kDone:
      return "finished after " + iterations;
    case Stop::kConverged:
      return "converged after " + iterations;
    case Stop::kPatience:
      return fmt::format("stopped after {}: no validation was better than that of iteration {}",
                         iterations, run.state().best.iteration);
    case Stop::kMaxEnvSteps:
      return fmt::format("stopped after {}: run.max_env_steps is reached", iterations);
    case Stop::kMaxSeconds:
      return fmt::format("stopped after {}: run.max_seconds is over", iterations);
    case Stop::kInterrupted:
      return "interrupted after " + iterations;
    case Stop::kDiverged:
      return run.divergence()->reason;
  }
  return {};
}

}  // namespace anole
