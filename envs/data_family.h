// A family of supervised tasks: a distribution over data sets that share one input and output.
#pragma once

#include <cstdint>
#include <vector>

#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/task_list.h"

namespace anole {

struct DataSpec {
  std::int64_t input_dim = 0, output_dim = 0;
  std::int64_t points = 0;                 // examples of an inner step
  std::vector<NamedUnit> task_parameters;  // rows of a task column
  // Targets are 1 for the right class and 0 for the others; a task has finitely many examples to
  // learn from, its Support, of which an inner step draws some.
  bool classification = false;
};

struct Batch {
  Matrix inputs;   // (input_dim x points)
  Matrix targets;  // (output_dim x points)
};

// Const and thread-safe.
class DataFamily {
 public:
  virtual ~DataFamily() = default;

  virtual const DataSpec& spec() const = 0;

  // One task at `place` in the endless list of tasks.
  virtual Vector Sample(Rng& rng, const TaskPlace& place) const = 0;

  // The examples of one inner step. A family whose tasks own a fixed data set returns it whole.
  virtual Batch Draw(VectorIn task, Rng& rng) const = 0;

  // Where a task has finitely many examples to learn from: all of them, of which Draw takes some.
  // Else an empty batch.
  virtual Batch Support(VectorIn /*task*/) const { return {}; }

  // The examples that score what was learned; the same for a task each time.
  virtual Batch Query(VectorIn task) const = 0;
};

using DataFamilies = Registry<DataFamily>;
template <class Family>
using RegisterDataFamily = Registration<DataFamily, Family>;

}  // namespace anole
