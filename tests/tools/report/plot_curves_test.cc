#include <gtest/gtest.h>

#include <cmath>

#include "meta/statistics.h"
#include "tools/report/plot/curves.h"

namespace anole::plot {
namespace {

// Eigen does not compare sizes.
using Numbers = std::vector<double>;
Numbers Values(const Vector& vector) { return {vector.begin(), vector.end()}; }

RunData Learned(std::int64_t seed, const Vector& samples, const Vector& after) {
  RunData run{.seed = seed};
  run.learning = {samples, Vector::Zero(after.size()), after};
  return run;
}

RunData Adapted(std::int64_t seed, const Vector& scores) {
  RunData run{.seed = seed};
  run.adaptation = {.samples = Vector::LinSpaced(scores.size(), 0, 100 * (scores.size() - 1.)),
                    .scores = scores};
  return run;
}

TEST(CurvesTest, FewSeedsAreAMeanAndARange) {
  Group group;
  group.methods = {{Adapted(1, Vector{{0, 10}}), Adapted(2, Vector{{3, 40}})}};
  const Curve curve = AdaptationCurve(group);
  EXPECT_EQ(curve.spread, Spread::kRange);
  EXPECT_EQ(Values(curve.x), (Numbers{0, 100}));
  EXPECT_EQ(Values(curve.y), (Numbers{1.5, 25}));
  EXPECT_EQ(Values(curve.low), (Numbers{0, 10}));
  EXPECT_EQ(Values(curve.high), (Numbers{3, 40}));
}

TEST(CurvesTest, FiveSeedsAreAnInterquartileMeanAndItsInterval) {
  Group group;
  const Vector scores{{1, 2, 4, 8, 99}};
  for (const double score : scores) {
    if (group.methods.empty()) group.methods.emplace_back();
    group.methods.front().push_back(Adapted(1, Vector{{score}}));
  }
  const Curve curve = AdaptationCurve(group);
  EXPECT_EQ(curve.spread, Spread::kInterval);
  EXPECT_EQ(curve.y[0], InterquartileMean(scores));
  const Interval interval = BootstrapInterval(std::vector<Vector>{scores});
  EXPECT_EQ(curve.low[0], interval.low);
  EXPECT_EQ(curve.high[0], interval.high);
}

TEST(CurvesTest, OneRunHasTheIntervalOfItsTasks) {
  RunData run = Adapted(1, Vector{{5, 6}});
  Group group;
  group.methods = {{run}};
  EXPECT_EQ(AdaptationCurve(group).spread, Spread::kNone);
  EXPECT_EQ(AdaptationCurve(group).low.size(), 0);
  run.adaptation.ci95 = Vector{{1, 2}};
  run.adaptation.interval = IntervalOf::kTasks;
  group.methods = {{run}};
  EXPECT_EQ(AdaptationCurve(group).spread, Spread::kTasks);
  EXPECT_EQ(Values(AdaptationCurve(group).low), (Numbers{4, 4}));
  EXPECT_EQ(Values(AdaptationCurve(group).high), (Numbers{6, 8}));
}

TEST(CurvesTest, ARunThatWasNotEvaluatedLeavesItsGroupWithoutACurve) {
  Group group;
  group.methods = {{Adapted(1, Vector{{0, 10}}), RunData{.seed = 2}}};
  EXPECT_EQ(AdaptationCurve(group).x.size(), 0);
  group.methods = {{Adapted(1, Vector{{0, 10}}), Adapted(2, Vector{{0, 10, 20}})}};
  EXPECT_EQ(AdaptationCurve(group).x.size(), 0);
}

TEST(CurvesTest, APointWithoutANumberIsLeftOut) {
  Group group;
  group.methods = {{Adapted(1, Vector{{0, std::nan(""), 20}}), Adapted(2, Vector{{2, 3, 22}})}};
  EXPECT_EQ(Values(AdaptationCurve(group).x), (Numbers{0, 200}));
  EXPECT_EQ(Values(AdaptationCurve(group).y), (Numbers{1, 21}));
}

TEST(CurvesTest, LearningCurvesMeetWhereAllRunsHaveBeen) {
  Group group;
  // The second run has other places, and ends earlier.
  group.methods = {{Learned(1, Vector{{10, 20, 30, 40}}, Vector{{1, 2, 3, 4}}),
                    Learned(2, Vector{{5, 15, 25, 35}}, Vector{{0, 10, 20, 30}})}};
  const Curve curve = LearningCurve(group, &LearningData::after);
  EXPECT_EQ(Values(curve.x), (Numbers{10, 20, 30}));
  EXPECT_EQ(Values(curve.low), (Numbers{1, 2, 3}));
  EXPECT_EQ(Values(curve.high), (Numbers{5, 15, 25}));
  EXPECT_EQ(Values(curve.y), (Numbers{3, 8.5, 14}));
}

TEST(CurvesTest, SmoothingKeepsLinesAndEvensOutTurns) {
  const Vector samples = Vector::LinSpaced(401, 0, 4e6);
  Vector line(401), turns(401);
  for (Eigen::Index i = 0; i < 401; ++i) {
    line[i] = 3. * static_cast<double>(i);
    turns[i] = i % 2 == 0 ? 100 : -100;
  }
  Group group;
  group.methods = {{Learned(1, samples, line)}};
  ASSERT_TRUE(IsSmoothed(group));
  Curve curve = LearningCurve(group, &LearningData::after);
  ASSERT_GT(curve.x.size(), 50);
  for (Eigen::Index i = 0; i < curve.x.size(); ++i) {
    const double place = curve.x[i] / 1e4;
    if (place < 20 || place > 380) continue;  // windows there are cut off
    EXPECT_NEAR(curve.y[i], 3 * place, 1e-9);
  }
  group.methods = {{Learned(1, samples, turns)}};
  curve = LearningCurve(group, &LearningData::after);
  EXPECT_LT(curve.y.segment(10, curve.y.size() - 20).cwiseAbs().maxCoeff(), 2);
}

TEST(CurvesTest, FewRowsAreNotSmoothed) {
  const Vector samples{{10, 20, 30, 40}}, scores{{5, -5, 5, -5}};
  Group group;
  group.methods = {{Learned(1, samples, scores)}};
  EXPECT_FALSE(IsSmoothed(group));
  EXPECT_EQ(Values(LearningCurve(group, &LearningData::after).y), Values(scores));
}

}  // namespace
}  // namespace anole::plot
