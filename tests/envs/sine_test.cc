#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "envs/data_family.h"

namespace anole {
namespace {

class SineTest : public testing::Test {
 protected:
  std::unique_ptr<DataFamily> family_ = DataFamilies::NewMaker("sine")->Make();
};

TEST_F(SineTest, TasksCoverAmplitudesAndPhases) {
  Rng rng = Address{}.Open(Purpose::kTask);
  Vector low = Vector::Constant(2, 1e9), high = Vector::Constant(2, -1e9);
  for (int i = 0; i < 2000; ++i) {
    const Vector task = family_->Sample(rng, {.index = i});
    low = low.cwiseMin(task);
    high = high.cwiseMax(task);
  }
  EXPECT_GE(low[0], 0.1);
  EXPECT_LT(low[0], 0.12);
  EXPECT_GT(high[0], 4.98);
  EXPECT_LE(high[0], 5);
  EXPECT_GE(low[1], 0);
  EXPECT_GT(high[1], 2 * std::numbers::pi - 0.02);
  EXPECT_LE(high[1], 2 * std::numbers::pi);
}

TEST_F(SineTest, DrawsTenPointsOfTheSineAndScoresFifty) {
  const Vector task = Eigen::Vector2d(3, 1);
  Rng rng = Address{}.Open(Purpose::kLearner);
  const Batch batch = family_->Draw(task, rng);
  ASSERT_EQ(batch.inputs.cols(), 10);
  for (Eigen::Index i = 0; i < 10; ++i) {
    EXPECT_LE(std::abs(batch.inputs(0, i)), 5);
    EXPECT_DOUBLE_EQ(batch.targets(0, i), 3 * std::sin(batch.inputs(0, i) + 1));
  }
  EXPECT_NE(family_->Draw(task, rng).inputs, batch.inputs) << "each inner step has its own points";
  const Batch query = family_->Query(task);
  ASSERT_EQ(query.inputs.cols(), 50);
  EXPECT_EQ(query.inputs(0, 0), -5);
  EXPECT_EQ(query.inputs(0, 49), 5);
  EXPECT_DOUBLE_EQ(query.targets(0, 7), 3 * std::sin(query.inputs(0, 7) + 1));
}

}  // namespace
}  // namespace anole
