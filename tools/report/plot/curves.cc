#include "tools/report/plot/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "meta/statistics.h"

namespace anole::plot {
namespace {

constexpr Eigen::Index kMaxPoints = 120;  // of a learning curve: more would not be seen

// The mean of the rows within a window before and behind each row, the more distant ones counting
// less: an even mean would swing with tasks that take turns, as the two directions do.
Vector Smooth(const Vector& x, const Vector& y) {
  const double window = kSmoothing * (x[x.size() - 1] - x[0]);
  Vector smooth(y.size());
  Eigen::Index first = 0, end = 0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    while (x[first] < x[i] - window) ++first;
    while (end < x.size() && x[end] <= x[i] + window) ++end;
    double sum = 0, weights = 0;
    for (Eigen::Index j = first; j < end; ++j) {
      const double weight = x[i] == x[j] ? 1 : 1 - std::abs(x[j] - x[i]) / window;
      sum += weight * y[j];
      weights += weight;
    }
    smooth[i] = sum / weights;
  }
  return smooth;
}

// y at `place`, which lies within x: exact at its elements, on straight lines between them.
double Interpolate(const Vector& x, const Vector& y, double place) {
  const Eigen::Index i = std::ranges::lower_bound(x, place) - x.begin();
  if (i == 0 || x[i] == place) return y[i];
  const double share = (place - x[i - 1]) / (x[i] - x[i - 1]);
  return y[i - 1] + share * (y[i] - y[i - 1]);
}

bool AllRuns(const Group& group, auto&& predicate) {
  return std::ranges::all_of(
      group.methods, [&](const auto& runs) { return std::ranges::all_of(runs, predicate); });
}

// The places at which the runs are met: rows of the first one which all of them have reached.
std::vector<double> Places(const Group& group) {
  double low = 0, high = std::numeric_limits<double>::infinity();
  for (const auto& runs : group.methods) {
    for (const RunData& run : runs) {
      const Vector& samples = run.learning.samples;
      low = std::max(low, samples[0]);
      high = std::min(high, samples[samples.size() - 1]);
    }
  }
  std::vector<double> places;
  for (const double place : group.methods.front().front().learning.samples) {
    if (place >= low && place <= high) places.push_back(place);
  }
  const auto count = static_cast<Eigen::Index>(places.size());
  if (count <= kMaxPoints) return places;
  std::vector<double> fewer;
  for (Eigen::Index i = 0; i < kMaxPoints; ++i) {
    fewer.push_back(places[static_cast<std::size_t>(i * (count - 1) / (kMaxPoints - 1))]);
  }
  return fewer;
}

Spread SpreadOf(const Group& group) {
  if (static_cast<Eigen::Index>(group.methods.front().size()) >= kMinSeeds) {
    return Spread::kInterval;
  }
  return CountRuns(group) > 1 ? Spread::kRange : Spread::kNone;
}

// `value`: of a run, at the i-th of `places`. Points at which a run has no number are left out.
Curve OverRuns(const Group& group, const std::vector<double>& places, auto&& value) {
  std::vector<double> x, y, low, high;
  const Spread spread = SpreadOf(group);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::vector<Vector> strata;
    for (const auto& runs : group.methods) {
      Vector& values = strata.emplace_back(runs.size());
      for (std::size_t run = 0; run < runs.size(); ++run) {
        values[static_cast<Eigen::Index>(run)] = value(runs[run], i);
      }
    }
    const Vector all = Pool(strata);
    if (!all.allFinite()) continue;
    x.push_back(places[i]);
    const bool claims = spread == Spread::kInterval;
    const Interval interval =
        claims ? BootstrapInterval(strata) : Interval{all.minCoeff(), all.maxCoeff()};
    y.push_back(claims ? InterquartileMean(all) : all.mean());
    low.push_back(interval.low);
    high.push_back(interval.high);
  }
  const auto vector = [](const std::vector<double>& values) -> Vector {
    return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
  };
  Curve curve{.x = vector(x),
              .y = vector(y),
              .spread = spread,
              .seeds = static_cast<std::int64_t>(group.methods.front().size())};
  if (spread == Spread::kNone) return curve;
  curve.low = vector(low);
  curve.high = vector(high);
  return curve;
}

}  // namespace

std::optional<Cut> CutAt(const Group& group) {
  constexpr double kVisible = 1.01;  // episodes that end early make equal runs differ in length
  Cut cut{.at = std::numeric_limits<double>::infinity()};
  std::vector<double> ends;
  for (const auto& runs : group.methods) {
    for (const RunData& run : runs) {
      const Vector& samples = run.learning.samples;
      if (samples.size() == 0) return std::nullopt;
      ends.push_back(samples[samples.size() - 1]);
    }
  }
  for (const double end : ends) {
    cut.at = std::min(cut.at, end);
    cut.longest = std::max(cut.longest, end);
  }
  for (const double end : ends) cut.longer += end > kVisible * cut.at ? 1 : 0;
  return cut.longer > 0 ? std::optional(cut) : std::nullopt;
}

std::size_t CountRuns(const Group& group) {
  std::size_t count = 0;
  for (const auto& runs : group.methods) count += runs.size();
  return count;
}

bool IsSmoothed(const Group& group) {
  return !AllRuns(group, [](const RunData& run) {
    const LearningData& data = run.learning;
    return data.samples.size() == 0 || Smooth(data.samples, data.after) == data.after;
  });
}

Curve LearningCurve(const Group& group, Vector LearningData::* score) {
  if (!AllRuns(group, [](const RunData& run) { return run.learning.samples.size() > 0; })) {
    return {};
  }
  Group smooth = group;
  for (auto& runs : smooth.methods) {
    for (RunData& run : runs) {
      run.learning.*score = Smooth(run.learning.samples, run.learning.*score);
    }
  }
  const std::vector<double> places = Places(group);
  return OverRuns(smooth, places, [&](const RunData& run, std::size_t i) {
    return Interpolate(run.learning.samples, run.learning.*score, places[i]);
  });
}

Curve AdaptationCurve(const Group& group, AdaptationData RunData::* of) {
  const AdaptationData& first = group.methods.front().front().*of;
  if (!AllRuns(group, [&](const RunData& run) {
        return (run.*of).scores.size() > 0 && (run.*of).scores.size() == first.scores.size();
      })) {
    return {};
  }
  Curve curve = OverRuns(group, {first.samples.begin(), first.samples.end()},
                         [of](const RunData& run, std::size_t i) {
                           return (run.*of).scores[static_cast<Eigen::Index>(i)];
                         });
  if (curve.spread == Spread::kNone && first.interval != IntervalOf::kNothing &&
      first.ci95.size() == curve.y.size()) {
    curve.spread = first.interval == IntervalOf::kTasks ? Spread::kTasks : Spread::kAdaptations;
    const Vector known = first.ci95.array().isFinite().select(first.ci95, 0);
    curve.low = curve.y - known;
    curve.high = curve.y + known;
  }
  return curve;
}

}  // namespace anole::plot
