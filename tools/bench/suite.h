// A run of benchmarks: which ones, how often, in which order, and what came of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/bench/benchmark.h"

namespace anole::bench {

struct Range {
  double min = 0, median = 0, max = 0;
};

struct BenchResult {
  Figure figure;
  Range range;  // over the repetitions

  bool meets_goal() const;  // its median; true where there is no goal
};

// The figures that match one of `patterns` ("sampling/half-cheetah"; a group of them, "sampling";
// or with *, ? and [] as file names have them), and those of `more`, in the order of their names.
// Measures each benchmark once, then each a second time, and so on, so that a minute of load
// spoils a repetition of many rather than all repetitions of one. Tells `progress` of each. Throws
// UserError where nothing matches a pattern.
using BenchProgress = std::function<void(int done, int total, const std::string& text)>;
std::vector<BenchResult> RunBenchmarks(const std::vector<std::string>& patterns,
                                       const std::vector<BenchmarkEntry>& more, int repetitions,
                                       const BenchProgress& progress);

}  // namespace anole::bench
