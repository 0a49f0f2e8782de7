// A run: made, opened, gone on with, trained, evaluated, adapted to a task. What commands, other
// programs and languages hold. Prints nothing; what it tells goes to the log (logs/log.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/control/control_loop.h"
#include "agents/control/episode.h"
#include "agents/inner_loop.h"
#include "configs/lister.h"
#include "configs/settings.h"
#include "envs/step_clock.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"
#include "meta/meta_state.h"
#include "tools/run/divergence.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/open_request.h"
#include "tools/run/run_directory.h"

namespace anole {

class Run;

// Why training has ended.
enum class Stop {
  kDone,
  kConverged,
  kPatience,
  kMaxEnvSteps,
  kMaxSeconds,
  kInterrupted,
  kDiverged,  // numbers ran away: a failure
};

// What a caller of Run::Train is told and asked, on the thread that trains. Each may be empty.
struct Observer {
  // After each iteration: its columns, as metrics.csv has them.
  std::function<void(const Run& run, const MetricsRow& row)> on_iteration;
  // Within an iteration: how many of its adaptations this process has made so far. By any thread,
  // which waits for it.
  std::function<void(std::int64_t done)> on_adapted;
  // After the last one, while what is told still goes into the run's log.txt.
  std::function<void(const Run& run, Stop stop)> on_end;
  // After each iteration: whether it shall be the last one.
  std::function<bool()> should_stop;
};

struct EvaluationRequest {
  Phase phase = Phase::kTest;
  Matrix goals = {};      // (task parameters x goals) to adapt to instead; no columns: the phase's
  bool baseline = false;  // adapt random initial parameters to the same tasks as well?
  // Told how many of tasks.total() adaptations are done, by any thread; of the baseline as well.
  std::function<void(std::int64_t done, const EvaluationTasks& tasks, bool baseline)> progress = {};
};

struct AdaptationRequest {
  Vector task;              // (task parameters)
  std::int64_t number = 0;  // whose episodes: those that an evaluation has for its task `number`
};

struct Adapted {
  Matrix trajectory;  // (parameters x (updates + 1)): phi after k updates
  Vector scores;      // (batches): the mean return, or loss, after k updates
  Vector samples;     // (batches): environment steps, or examples, of that score
  MetaState state;    // theta: the last phi
};

class Run {
 public:
  // A new run, locked. All that can be the user's mistake is thrown as UserError before the first
  // file is touched.
  static Run Create(Experiment experiment, const std::filesystem::path& path, bool overwrite);

  // Goes on with the run in `path`, locked; a finished one is left as it is. Throws UserError,
  // which begins with `where`, where `settings` would have made another run of it, naming the
  // option. Only a run that has diverged may be given other step sizes.
  static Run Resume(const Settings& settings, const std::filesystem::path& path,
                    const std::string& where);

  // Creates a run, or goes on with one that was stopped, as it is; one that has diverged is left
  // so. A sweep is made of these.
  static Run CreateOrResume(const Settings& settings, const std::filesystem::path& path);
  // Throws what CreateOrResume would throw, and touches nothing.
  static void CheckCreateOrResume(const Settings& settings, const std::filesystem::path& path);

  // An existing run, to evaluate and adapt; nothing in its folder is touched. Throws UserError
  // where there is none, or where the request changes what was trained.
  static Run Open(const std::filesystem::path& path, const OpenRequest& request = {});

  // Why there is nothing left to train; nothing where there is.
  std::optional<Stop> end() const;
  bool finished() const { return end().has_value(); }

  // Trains, on rank 0 and with the help of all `ranks`, until the run ends or something stops it;
  // writes logs and checkpoints. The loops inside use the threads of the caller's WithThreads.
  // Where numbers run away, the last state before is the newest checkpoint. Of a run that was
  // created or gone on with. Throws std::filesystem::filesystem_error where the run cannot be
  // written any more, std::runtime_error where there is not enough memory.
  Stop Train(const Observer& observer = {}, const Communicator& ranks = Alone());

  // How the policy adapts to tasks, by the run's evaluation options. On rank 0, with the help of
  // all `ranks`.
  EvaluationRecord Evaluate(const EvaluationRequest& request = {},
                            const Communicator& ranks = Alone());

  // Throws UserError where adapting leaves the parameters as they are (InnerLoopSpec::stays), so
  // that there are no adapted ones to be taken away.
  void CheckParametersMove() const;

  // Adapts to one task, by the run's evaluation options. Parameters that updates break are
  // returned as they are: see AllFinite.
  Adapted Adapt(const AdaptationRequest& request) const;

  // The same from episodes that were recorded elsewhere, an update of each batch:
  // ControlLoop::AdaptTo. Scores are those of the batches, of which the last update's is not there.
  // Of a run that rolls out episodes.
  Adapted AdaptTo(std::span<const std::vector<Episode>> batches) const;

  // Where the episodes of an adaptation belong, by the run's evaluation options.
  Address AddressOf(const AdaptationRequest& request) const;

  const RunDirectory& directory() const { return directory_; }
  // To list its options visits its fields, which is not const, and changes nothing.
  const Experiment& experiment() const { return experiment_; }
  const InnerLoop& loop() const { return *loop_.loop; }
  // The same, where it rolls out episodes; null where tasks are learned from data.
  const ControlLoop* control_loop() const { return loop_.control; }
  const MetaState& state() const { return state_; }
  // Where the last start ended so and nothing has changed since: it would end so again.
  const std::optional<Divergence>& divergence() const { return divergence_; }

 private:
  // Whether a run that has diverged is to be gone on with as it is, or may be given other steps.
  enum class AfterDivergence { kAsItIs, kOtherSteps };

  // What learns a task, and what it is made of.
  struct Loop {
    std::unique_ptr<StepClock> clock;  // of the simulator
    std::unique_ptr<InnerLoop> loop;
    const ControlLoop* control = nullptr;  // the same, or null
  };

  Run(RunDirectory directory, Experiment experiment, Loop loop, MetaState state);

  static Loop MakeLoop(const Experiment& experiment);
  static Run Read(Settings settings, RunDirectory directory, const std::string& where,
                  AfterDivergence after);
  static Run Continue(const Settings& settings, const std::filesystem::path& path,
                      const std::string& where, AfterDivergence after);

  void WriteCheckpoint();
  Adapted Outcome(const Adaptation& adaptation) const;
  class Training;

  RunDirectory directory_;
  Experiment experiment_;
  Loop loop_;
  MetaState state_;
  std::optional<Divergence> divergence_;
  std::vector<OptionDifference> changed_steps_;  // since then
};

// How the training ended, for people: "converged after 30 iterations".
std::string EndText(const Run& run, Stop stop);

}  // namespace anole
