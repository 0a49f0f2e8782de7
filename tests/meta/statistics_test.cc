#include "meta/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "envs/random.h"

namespace anole {
namespace {

Vector Of(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

TEST(InterquartileMean, IsTheMeanOfTheMiddleHalf) {
  EXPECT_DOUBLE_EQ(InterquartileMean(Of({7})), 7);
  EXPECT_DOUBLE_EQ(InterquartileMean(Of({1, 5})), 3);
  EXPECT_DOUBLE_EQ(InterquartileMean(Of({100, 2, -50, 4})), 3);
  // A quarter of five is 1.25: the second and fourth count three quarters.
  EXPECT_DOUBLE_EQ(InterquartileMean(Of({-9, 1, 2, 6, 99})), (.75 * 1 + 2 + .75 * 6) / 2.5);
  EXPECT_DOUBLE_EQ(InterquartileMean(Of({8, 1, 2, 3, 4, 5, 6, 7})), 4.5);
}

TEST(BootstrapInterval, OfEqualValuesIsAPoint) {
  const std::array<Vector, 1> strata = {Vector::Constant(5, 3.5)};
  const Interval interval = BootstrapInterval(strata);
  EXPECT_DOUBLE_EQ(interval.low, 3.5);
  EXPECT_DOUBLE_EQ(interval.high, 3.5);
}

// Of two values, the resampled mean is one of three: -1 and 1 with probability 1/4 each, so both
// ends of the interval are extremes.
TEST(BootstrapInterval, OfTwoValuesSpansThem) {
  const std::array<Vector, 1> strata = {Of({-1, 1})};
  const Interval interval = BootstrapInterval(strata);
  EXPECT_EQ(interval.low, -1);
  EXPECT_EQ(interval.high, 1);
}

// Strata are resampled apart: each keeps its share, so a difference between them adds no width.
TEST(BootstrapInterval, KeepsStrataApart) {
  const std::array<Vector, 2> apart = {Vector::Constant(5, 0), Vector::Constant(5, 100)};
  EXPECT_DOUBLE_EQ(BootstrapInterval(apart).low, 50);
  EXPECT_DOUBLE_EQ(BootstrapInterval(apart).high, 50);
  Vector pooled(10);
  pooled << apart[0], apart[1];
  const std::array<Vector, 1> together = {pooled};
  EXPECT_LT(BootstrapInterval(together).low, 25);
  EXPECT_GT(BootstrapInterval(together).high, 75);
}

// For many normal values the interval of the mean is about +-1.96 standard errors, a little wider
// for the less efficient interquartile mean.
TEST(BootstrapInterval, HasTheRightWidth) {
  Rng rng = Address{.seed = 3}.Open(Purpose::kTask);
  Vector values(400);
  for (double& value : values) value = rng.Normal();
  const std::array<Vector, 1> strata = {values};
  const Interval interval = BootstrapInterval(strata);
  const double half = (interval.high - interval.low) / 2;
  EXPECT_GT(half, 1.96 / 20 * 0.9);
  EXPECT_LT(half, 1.96 / 20 * 1.3);
}

// Student's t with two degrees of freedom leaves 1 % beyond 9.9248.
TEST(PredictionIntervalTest, IsThatOfStudentsT) {
  Vector values(3);
  values << 1, 2, 3;
  const Interval interval = PredictionInterval(values);
  EXPECT_NEAR(interval.low, 2 - 9.9248 * std::sqrt(4.0 / 3), 1e-3);
  EXPECT_NEAR(interval.high, 2 + 9.9248 * std::sqrt(4.0 / 3), 1e-3);
}

TEST(PredictionIntervalTest, HoldsNinetyNineOfAHundredFurtherValues) {
  Rng rng = Address{.seed = 4}.Open(Purpose::kTask);
  constexpr int kTrials = 4000;
  int inside = 0;
  for (int i = 0; i < kTrials; ++i) {
    Vector values(5);
    for (double& value : values) value = rng.Normal();
    const Interval interval = PredictionInterval(values);
    const double further = rng.Normal();
    if (interval.low <= further && further <= interval.high) ++inside;
  }
  EXPECT_NEAR(inside, 0.99 * kTrials, 4 * std::sqrt(0.01 * 0.99 * kTrials));
}

TEST(PredictionIntervalTest, TellsNothingOfTwoValuesOrOfOneThatIsNone) {
  EXPECT_TRUE(std::isnan(PredictionInterval(Vector::Constant(2, 1)).low));
  EXPECT_TRUE(std::isnan(PredictionInterval(Vector::Constant(5, std::nan(""))).high));
}

}  // namespace
}  // namespace anole
