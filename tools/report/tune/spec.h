// What `anole tune` is asked for: a comparison (tools/report/compare/spec.h), and what its methods
// are tried with before.
//
//   [compare]
//   config = "../cheetah-direction.toml"
//   env_steps = 4e6
//   seeds = [1, 2, 3, 4, 5]                 # to be reported: none of those below
//
//   [tune]
//   trials = 9                              # of each method, and no more and no less
//   env_steps = 4e6                         # of a trial that comes to the last rung
//   rungs = 2                               # the first one ends after 4e6 / 3 steps, and a third
//   eta = 3                                 # of the trials goes on
//   seeds = [101, 102, 103]
//   tasks = 10                              # validation tasks
//
//   [all.space]                             # of every method that has a space
//   meta.batch_size = [2, 4, 8]
//   [method.reptile]
//   [method.reptile.space]
//   inner.step_size = [0.1, 0.3, 0.9]
//   meta.optimizer = ["sgd", "adam"]
//   [method.random]                         # without a space: passed on as it is
//   env_steps = 0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "configs/settings.h"
#include "tools/report/compare/spec.h"
#include "tools/report/tune/halving.h"

namespace anole::tune {

// One choice of a method's options.
struct Trial {
  std::vector<Setting> choices;          // one of each dimension of the space
  Settings settings;                     // of the whole length, without the seed
  std::vector<std::int64_t> iterations;  // (rungs): after which it is scored
};

struct TunedMethod {
  std::string name;
  std::vector<Trial> trials;  // none: there is nothing to choose
};

struct TuneSpec {
  compare::CompareSpec compare;  // with all that is tuned as it is written
  std::filesystem::path path;    // of the file
  std::vector<std::int64_t> seeds;
  std::int64_t tasks = 10;           // validation tasks that a trial is scored on
  std::int64_t updates = 0;          // after which the score counts; 0: the last one
  std::vector<Rung> rungs;           // of each method
  std::vector<TunedMethod> methods;  // as many as the comparison has
};

// Throws UserError, with the place in the file, where it is no such specification, or where one of
// the trials is no experiment.
TuneSpec ReadTuneSpec(const std::filesystem::path& path);

}  // namespace anole::tune
