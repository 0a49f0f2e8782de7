// The work of a tuning: trials trained and scored rung by rung, the best of each going on. All of
// it is kept in its folder, so that one that was stopped goes on where it was, and several
// processes share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/communicator.h"
#include "tools/report/tune/score.h"
#include "tools/report/tune/spec.h"
#include "tools/run/run.h"

namespace anole::tune {

struct TrialResult {
  std::vector<std::vector<Score>> rungs;  // (rungs that it came to, seeds)
  std::vector<double> scores;             // (rungs that it came to): means over seeds; NaN: failed
};

struct MethodOutcome {
  std::vector<TrialResult> trials;   // as many as the method has
  std::vector<std::size_t> ranking;  // of them, best first
  std::int64_t samples = 0;          // environment steps, or examples, of all trials and seeds

  // Whether the best trial has a score, so that it can be chosen.
  bool has_best() const;
};

struct TuneResult {
  std::string family;
  InnerLoopSpec loop;
  std::vector<MethodOutcome> methods;  // as many as the specification has
};

// How a tuning is shown. Each may be empty.
struct TuneObserver {
  // Trains one of its runs: Run::Train, with whatever people are to see of it.
  std::function<void(Run& run, const Communicator& ranks)> train;
  // Told before each piece of work: how many of `total` are done, by whomever.
  std::function<void(std::size_t done, std::size_t total, const std::string& what)> on_piece;
  // Told once where all that is left is being done by other processes.
  std::function<void()> on_wait;
};

// Throws UserError where a run or a score in `folder` was made with other options, or where a run
// cannot be made there, before anything is written.
void CheckTuning(const TuneSpec& spec, const std::filesystem::path& folder);

// Does all work that nobody has done yet, on rank 0 and with the help of all `ranks`, and waits for
// what other processes do; false: interrupted by a signal, the same call goes on.
bool RunTuning(const TuneSpec& spec, const std::filesystem::path& folder, const Communicator& ranks,
               const TuneObserver& observer, TuneResult& result);

}  // namespace anole::tune
