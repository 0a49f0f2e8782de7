// An entry of the zoo, trained again: is it what it is said to be?
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "meta/communicator.h"
#include "tools/report/zoo/entry.h"
#include "tools/run/run.h"

namespace anole::zoo {

enum class Verdict {
  kSameBits,  // its parameters are those of the entry's run
  kWithin,    // its last score lies in Entry::Expected
  kOutside,
  kUnknown,  // other parameters, and the entry has too few runs to say where scores may lie
  kFailed,   // its numbers ran away
};

struct Reproduced {
  std::int64_t seed = 0;
  Verdict verdict = Verdict::kUnknown;
  RunFigures figures;  // without scores where it failed
};

// Whether the run is as the entry says.
Verdict Judge(const Entry& entry, const RunFigures& figures);

struct ReproductionObserver {
  // Trains a run: Run::Train, with whatever people are to see of it.
  std::function<void(Run& run, const Communicator& ranks)> train;
  std::function<void(const std::string& told)> tell;
};

// A run of the entry's config for each seed, DIR/NAME-SEED, trained and evaluated, or as it was
// left there; fewer: interrupted by a signal, the same call goes on. Throws UserError where the
// runs cannot be made in `dir`, before the first step. On rank 0, with the help of all `ranks`.
std::vector<Reproduced> Reproduce(const std::filesystem::path& folder, const Entry& entry,
                                  const std::vector<std::int64_t>& seeds,
                                  const std::filesystem::path& dir, const Communicator& ranks,
                                  const ReproductionObserver& observer);

}  // namespace anole::zoo
