#include <gtest/gtest.h>

#include <cmath>

#include "tests/agents/line_policy.h"

namespace anole {
namespace {

class NpgTest : public LinePolicyTest {
 protected:
  UpdateStats Update(const std::string& options, Vector& params) {
    return LinePolicyTest::Update("npg", options, params);
  }
};

// F = mean of (o, 1)(o, 1)^T = (2.5, 1.5; 1.5, 1) and g = (2.5, 2), so x = F^-1 g = (-2, 5) and
// x^T F x = x^T g = 5. For a KL of .1: sqrt(2 * .1 / 5) x = .2 x.
TEST_F(NpgTest, StepsAlongTheNaturalGradientAsFarAsTheKlSays) {
  Vector params = Vector::Zero(2);
  const UpdateStats stats = Update("kl = 0.1\ndamping = 0", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(-0.4, 1), 1e-5)) << params;
  EXPECT_TRUE(stats.gradient.isApprox(Eigen::Vector2d(2.5, 2), 1e-6));
  EXPECT_TRUE(stats.direction.isApprox(params));
  EXPECT_NEAR(stats.step_norm, params.norm(), 1e-12);
  // With a fixed deviation the KL is quadratic, so that it is exact.
  EXPECT_NEAR(Policy(Vector::Zero(2)).MeanKl(Policy(params), samples_.observations), 0.1, 1e-5);
}

// (F + I / 2)^-1 g = (1.5, -1.5; -1.5, 3) / 2.25 * g = (1 / 3, 1), whose x^T F x is 41 / 18: the KL
// is that of the policies, whatever the damping.
TEST_F(NpgTest, DampingTurnsTheStepTowardsTheGradient) {
  Vector params = Vector::Zero(2);
  Update("kl = 0.1\ndamping = 0.5", params);
  const Vector expected = std::sqrt(0.2 * 18 / 41) * Eigen::Vector2d(1. / 3, 1);
  EXPECT_TRUE(params.isApprox(expected, 1e-5)) << params;
}

// One iteration of conjugate gradients goes along the gradient, here as far as g^T F g = 34.625.
TEST_F(NpgTest, OneIterationGoesAlongTheGradient) {
  Vector params = Vector::Zero(2);
  Update("kl = 0.1\ndamping = 0\ncg_iterations = 1", params);
  const Vector expected = std::sqrt(0.2 / 34.625) * Eigen::Vector2d(2.5, 2);
  EXPECT_TRUE(params.isApprox(expected, 1e-5)) << params;
}

// With half the noise the gradient and F are four times as large: x is the same, the step half.
TEST_F(NpgTest, StepsShrinkWithTheNoise) {
  log_std_[0] = std::log(0.5);
  Vector params = Vector::Zero(2);
  Update("kl = 0.1\ndamping = 0", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(-0.2, 0.5), 1e-5)) << params;
}

// Gradient in log_std: ((9 - 1) * 1 + (1 - 1) * -1) / 2 = 4, its F is 2, so x = (-2, 5, 2) and
// x^T g = 13.
TEST_F(NpgTest, LearnsTheDeviation) {
  shape_.learns_log_std = true;
  Vector params = Vector::Zero(3);
  Update("kl = 0.1\ndamping = 0", params);
  const Vector expected = std::sqrt(0.2 / 13) * Eigen::Vector3d(-2, 5, 2);
  EXPECT_TRUE(params.isApprox(expected, 1e-5)) << params;
}

TEST_F(NpgTest, LearnedStepSizesMultiply) {
  step_scale_ = Eigen::Vector2d(2, 0.5);
  Vector params = Vector::Zero(2);
  Update("kl = 0.1\ndamping = 0", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(-0.8, 0.5), 1e-5)) << params;
}

TEST_F(NpgTest, StaysWhereThereIsNothingToLearn) {
  samples_.advantages.setZero();
  Vector params = Vector::Zero(2);
  EXPECT_EQ(Update("", params).step_norm, 0);
  EXPECT_EQ(params, Vector(Vector::Zero(2)));
}

}  // namespace
}  // namespace anole
