#include <gtest/gtest.h>

#include "agents/control/policy_gradient.h"
#include "tests/agents/line_policy.h"

namespace anole {
namespace {

class VpgTest : public LinePolicyTest {
 protected:
  UpdateStats Update(const std::string& options, Vector& params, std::int64_t update = 0) {
    return LinePolicyTest::Update("vpg", options, params, update);
  }
};

TEST_F(VpgTest, StepsAlongTheMeanGradient) {
  Vector params = Vector::Zero(2);
  const UpdateStats stats = Update("step_size = 0.1", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.25, 0.2), 1e-6));
  EXPECT_TRUE(stats.gradient.isApprox(Eigen::Vector2d(2.5, 2), 1e-6));
  EXPECT_NEAR(stats.step_norm, params.norm(), 1e-12);
  EXPECT_FALSE(stats.refused);
}

TEST_F(VpgTest, StepsShrinkWithTheirNumberAndWithTheNoise) {
  noise_ratio_ = 0.5;
  Vector params = Vector::Zero(2);
  Update("step_size = 0.1\nstep_decay = 0.5\nstep_noise_exponent = 2", params, /*update=*/3);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.25, 0.2) * 0.125 * 0.25, 1e-6));
}

TEST_F(VpgTest, LearnedStepSizesMultiply) {
  step_scale_ = Eigen::Vector2d(2, 0.5);
  Vector params = Vector::Zero(2);
  Update("step_size = 0.1\nmax_step_norm = 0", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.5, 0.1), 1e-6));
}

TEST_F(VpgTest, ClipsGradientAndStepButReportsTheWholeGradient) {
  Vector params = Vector::Zero(2);
  UpdateStats stats = Update("step_size = 0.1\nmax_gradient_norm = 1", params);
  EXPECT_NEAR(params.norm(), 0.1, 1e-9);
  EXPECT_NEAR(stats.gradient.norm(), std::hypot(2.5, 2), 1e-6);
  params.setZero();
  stats = Update("step_size = 100\nmax_step_norm = 2", params);
  EXPECT_NEAR(params.norm(), 2, 1e-9);
  EXPECT_NEAR(stats.step_norm, 2, 1e-9);
  params.setZero();
  Update("step_size = 100", params);
  EXPECT_NEAR(params.norm(), 0.5, 1e-9) << "unless the user says otherwise";
}

// Adam's first step goes step_size along each axis, whatever the gradient's length (Kingma and Ba
// 2015); its memory goes on from update to update.
TEST_F(VpgTest, AdamInsideHidesTheSizeOfTheGradient) {
  Vector params = Vector::Zero(2);
  Update("step_size = 0.1\noptimizer = 'adam'", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.1, 0.1), 1e-6));
  EXPECT_EQ(memory_.size(), 4);
  memory_.resize(0);
  samples_.advantages *= 1000;
  Vector again = Vector::Zero(2);
  Update("step_size = 0.1\noptimizer = 'adam'", again);
  EXPECT_TRUE(again.isApprox(params, 1e-6));
}

// Of a mixture, the mean over tasks of each task's own mean, however many steps it has.
TEST_F(VpgTest, PoolsTheGradientsOfAMixture) {
  const Samples single{(Matrix(1, 1) << 2).finished(), (Matrix(1, 1) << 1).finished(),
                       Vector::Zero(1), Vector::Constant(1, 3)};  // gradient (6, 3)
  const std::vector<Samples> tasks = {samples_, single, {}};
  EXPECT_TRUE(PolicyGradient(Policy(Vector::Zero(2)), tasks)
                  .isApprox(Eigen::Vector2d(8.5 / 3, 5. / 3), 1e-6));
}

}  // namespace
}  // namespace anole
