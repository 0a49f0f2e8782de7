// The endless list of tasks of which training, validation and test each see their own.
//
// Column i of a list depends on (seed, phase, i) alone, so any slice of it can be drawn anywhere:
// training asks for first = iteration * batch_size, a held-out set for first = 0.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

// Names a row of numbers, with its unit ("" for none).
struct NamedUnit {
  std::string name, unit;
};

// Which columns of the list; `strata` says how many neighbours share out a one-dimensional range.
struct Slice {
  std::int64_t first = 0, count = 0, strata = 1;
};

// One column of the list.
struct TaskPlace {
  std::int64_t index = 0;       // finite sets of n tasks take number index mod n
  std::int64_t strata = 1;      // one-dimensional ranges draw from stratum index mod strata
  Phase phase = Phase::kTrain;  // whose list it is: tests may ask for other tasks than training
};

// A uniform draw from the stratum of [low, high) that `place` falls into: every `strata`
// neighbouring tasks cover the range evenly.
double StratifiedUniform(Rng& rng, double low, double high, const TaskPlace& place);

// The columns of a slice, each drawn by `sample` from its own stream.
Matrix SampleColumns(std::uint64_t seed, Phase phase, const Slice& slice,
                     const std::function<Vector(Rng&, const TaskPlace&)>& sample);

}  // namespace anole
