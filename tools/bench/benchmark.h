// What `anole bench` can measure: benchmarks, which register themselves at the foot of their files.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anole::bench {

enum class Better { kHigher, kLower };

// A number that a benchmark finds: a ratio of two times, unless its name ends in a unit.
struct Figure {
  std::string name;            // "sampling/half-cheetah"
  std::optional<double> goal;  // what the median is to reach; none: for orientation
  Better better = Better::kHigher;
};

// What gives some figures together. It is set up by its constructor.
class Benchmark {
 public:
  virtual ~Benchmark() = default;

  // One repetition: a value for each figure. What is compared takes turns within it, in steps of
  // milliseconds where that is possible, so that the machine's load meets all sides alike.
  virtual std::vector<double> Measure(int repetition) = 0;
};

struct BenchmarkEntry {
  std::vector<Figure> figures;
  std::function<std::unique_ptr<Benchmark>()> make;
  int most_repetitions =
      std::numeric_limits<int>::max();  // of one that takes long, or never varies
};

using MakeEntries = std::vector<BenchmarkEntry> (*)();

// `const RegisterBenchmarks registration(&SpeedEntries);` adds the entries of a file. They are
// asked for when all of the program is set up, so that they may depend on other registries.
class RegisterBenchmarks {
 public:
  explicit RegisterBenchmarks(MakeEntries make_entries);
};

// By the name of their first figure.
std::vector<BenchmarkEntry> AllBenchmarks();

}  // namespace anole::bench
