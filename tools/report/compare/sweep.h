// The work of a comparison: an ordinary run for each method and seed, step sizes chosen on
// validation tasks, scores on test tasks that all methods share. All of it is kept in the runs'
// folders, so that a sweep that was stopped goes on where it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"
#include "tools/report/compare/spec.h"
#include "tools/run/run.h"

namespace anole::compare {

// A method's evaluations on test tasks, one for each seed, at the step size that was chosen.
struct MethodResult {
  std::string name, row;
  double step_factor = 1;               // chosen, of the step option
  double step_size = 0;                 // the value of that option; NaN where there is none
  std::int64_t train_samples = 0;       // environment steps of a run (mean over seeds)
  std::vector<Evaluation> evaluations;  // of a seed that failed: NaN throughout
  std::vector<std::string> failures;    // "seed 2 diverged: iteration 4: ..."
};

struct CompareResult {
  std::string family;
  InnerLoopSpec spec;
  std::vector<std::int64_t> seeds;
  std::vector<MethodResult> methods;
};

// How a sweep is shown. Each may be empty.
struct SweepObserver {
  // Trains one of its runs: Run::Train, with whatever people are to see of it.
  std::function<void(Run& run, const Communicator& ranks)> train;
  // Told after each of `total` evaluations.
  std::function<void(std::size_t done, std::size_t total, const std::string& what)> on_evaluation;
};

// Throws UserError where a run cannot be made in `folder`, before anything is written.
void CheckSweep(const CompareSpec& spec, const std::filesystem::path& folder);

// Does all work that is not yet done, on rank 0 and with the help of all `ranks`; false:
// interrupted by Ctrl-C, the same call goes on.
bool RunSweep(const CompareSpec& spec, const std::filesystem::path& folder,
              const Communicator& ranks, const SweepObserver& observer, CompareResult& result);

}  // namespace anole::compare
