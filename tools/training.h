// A training run: started, gone on with, trained to its end or until Ctrl-C.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agents/inner_loop.h"
#include "configs/lister.h"
#include "configs/settings.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {

struct TrainingRun {
  RunDirectory directory;
  Experiment experiment;
  std::unique_ptr<InnerLoop> loop;
  MetaState state;

  bool finished() const { return state.iteration >= experiment.trainer.iterations; }
};

// A new run. All that can be the user's mistake is thrown as UserError before the first file is
// touched.
TrainingRun StartRun(Experiment experiment, const std::filesystem::path& path, bool overwrite);

// Goes on with the run in `path`. Throws UserError where `experiment` would have made another run
// of it, naming the option.
TrainingRun ContinueRun(Experiment experiment, const std::filesystem::path& path);

// Starts a run, or goes on with one that was stopped; a finished one is left as it is. A sweep is
// made of these.
TrainingRun StartOrContinueRun(const Settings& settings, const std::filesystem::path& path);
// Throws what StartOrContinueRun would throw, and touches nothing.
void CheckStartOrContinue(const Settings& settings, const std::filesystem::path& path);

// Says that the run at `where` is another one than asked for.
[[noreturn]] void RefuseChange(const std::string& where, const OptionDifference& difference);

enum class Stop { kDone, kConverged, kInterrupted };

// Trains until the run's iterations are done. Shows progress on stderr, writes metrics and
// checkpoints. The loops inside use the threads of the caller's WithThreads.
Stop Train(TrainingRun& run);

}  // namespace anole
