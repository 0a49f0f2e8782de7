// A training run: started, gone on with, trained until its end, a limit, or a signal.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "configs/lister.h"
#include "configs/settings.h"
#include "meta/communicator.h"
#include "tools/run/divergence.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

enum class Stop {
  kDone,
  kConverged,
  kPatience,
  kMaxEnvSteps,
  kMaxSeconds,
  kInterrupted,
  kDiverged,  // numbers ran away: a failure
};

struct TrainingRun {
  RunDirectory directory;
  Experiment experiment;
  std::unique_ptr<StepClock> clock;  // of the loop's simulator
  std::unique_ptr<InnerLoop> loop;
  MetaState state;
  // Where the last start ended so and nothing has changed since: it would end so again.
  std::optional<Divergence> divergence = {};
  std::vector<OptionDifference> changed_steps = {};  // since then

  // Why there is nothing left to do; nothing where there is.
  std::optional<Stop> end() const;
  bool finished() const { return end().has_value(); }
};

// A new run, locked. All that can be the user's mistake is thrown as UserError before the first
// file is touched.
TrainingRun StartRun(Experiment experiment, const std::filesystem::path& path, bool overwrite);

// Goes on with the run in `path`, locked; a finished one is left as it is. Throws UserError, which
// begins with `where`, where `settings` would have made another run of it, naming the option. Only
// a run that has diverged may be given other step sizes.
TrainingRun ContinueRun(const Settings& settings, const std::filesystem::path& path,
                        const std::string& where);

// Starts a run, or goes on with one that was stopped, as it is; one that has diverged is left so. A
// sweep is made of these.
TrainingRun StartOrContinueRun(const Settings& settings, const std::filesystem::path& path);
// Throws what StartOrContinueRun would throw, and touches nothing.
void CheckStartOrContinue(const Settings& settings, const std::filesystem::path& path);

// Trains, on rank 0 and with the help of all `ranks`, until the run ends or something stops it.
// Shows progress, writes logs and checkpoints. The loops inside use the threads of the caller's
// WithThreads. Where numbers run away, that is told as an error, and the last state before is the
// newest checkpoint. Where the run cannot be written any more, throws std::runtime_error that tells
// from where it can go on.
Stop Train(TrainingRun& run, const Communicator& ranks);

// How the training ended, for people: "converged after 30 iterations".
std::string EndText(const TrainingRun& run, Stop stop);

}  // namespace anole
