// The runs of a group as one curve: their mean, and how far to trust it.
#pragma once

#include <cstddef>
#include <optional>

#include "tools/report/plot/groups.h"

namespace anole::plot {

// What lies between a curve's low and high.
enum class Spread {
  kNone,         // of one run, nothing is known
  kTasks,        // of one run: 95 % interval of the mean over held-out tasks
  kAdaptations,  // of one run: 95 % interval of the mean over adaptations to the same tasks
  kRange,        // below kMinSeeds seeds: from the lowest to the highest; the curve is the mean
  kInterval,     // 95 % bootstrap interval of the interquartile mean, which is the curve
};

// All of the same length; low and high are empty where nothing is known.
struct Curve {
  Vector x, y, low, high;
  Spread spread = Spread::kNone;
  std::int64_t seeds = 0;  // of each method
};

// Each run's learning curve is smoothed by a running mean, whose weights fall from 1 to 0 over this
// part of the run on both sides.
inline constexpr double kSmoothing = .05;

// Whether that changes anything, because it takes in more than a row.
bool IsSmoothed(const Group& group);

// Score over samples in training; ends where the shortest of the runs does (see CutAt). Without
// elements where a run has trained nothing.
Curve LearningCurve(const Group& group, Vector LearningData::* score);

// Score over samples of adaptation, an element for each number of updates: from what was learned,
// or from other parameters. Without elements where a run was not evaluated so.
Curve AdaptationCurve(const Group& group, AdaptationData RunData::* of = &RunData::adaptation);

// Where the learning curve of a group ends although some of its runs, `longer` ones, go on to as
// far as `longest`.
struct Cut {
  double at = 0, longest = 0;  // [samples]
  std::size_t longer = 0;
};
// Nothing where all runs end about there.
std::optional<Cut> CutAt(const Group& group);

// Seeds of a group, summed over its methods.
std::size_t CountRuns(const Group& group);

}  // namespace anole::plot
