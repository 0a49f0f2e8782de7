#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "agents/adam.h"
#include "tests/agents/line_policy.h"

namespace anole {
namespace {

class PpoTest : public LinePolicyTest {
 protected:
  PpoTest() { RecordLogProbs(Vector::Zero(2)); }

  UpdateStats Update(const std::string& options, Vector& params, std::int64_t update = 0) {
    return LinePolicyTest::Update("ppo", options, params, update);
  }

  // pi(a | o) / pi_old(a | o) of sample i, pi_old being the policy at 0.
  double Ratio(VectorIn params, Eigen::Index i) const {
    const double mean = params[0] * samples_.observations(0, i) + params[1];
    const double action = samples_.actions(0, i);
    return std::exp(action * action / 2 - (action - mean) * (action - mean) / 2);
  }

  // (2): of r A, of sample i.
  Vector Gradient(VectorIn params, Eigen::Index i) const {
    const double o = samples_.observations(0, i), mean = params[0] * o + params[1];
    return Ratio(params, i) * samples_.advantages[i] * (samples_.actions(0, i) - mean) *
           Eigen::Vector2d(o, 1);
  }
};

TEST_F(PpoTest, TheFirstStepIsThatOfThePolicyGradient) {
  Vector params = Vector::Zero(2);
  const UpdateStats stats = Update("step_size = 0.1\nepochs = 1\nminibatches = 1", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.25, 0.2), 1e-6));
  EXPECT_TRUE(stats.gradient.isApprox(Eigen::Vector2d(2.5, 2), 1e-6));
  EXPECT_TRUE(stats.direction.isApprox(params, 1e-12));
  EXPECT_NEAR(stats.step_norm, params.norm(), 1e-12);
}

// After a step of .02 the first action is 1.30 times as likely: beyond the clip, where its
// advantage wants it. The second one is .86 times as likely: it still pulls.
TEST_F(PpoTest, SamplesBeyondTheClipPullNoFurther) {
  Vector params = Vector::Zero(2);
  Update("step_size = 0.02\nepochs = 2\nminibatches = 1\nclip = 0.2", params);
  Vector expected = Eigen::Vector2d(0.05, 0.04);
  EXPECT_GT(Ratio(expected, 0), 1.2);
  EXPECT_GT(Ratio(expected, 1), 0.8);
  expected += 0.02 * Gradient(expected, 1) / 2;
  EXPECT_TRUE(params.isApprox(expected, 1e-5)) << params;
  // With a tighter clip the second one stops as well; without a clip both pull.
  params.setZero();
  Update("step_size = 0.02\nepochs = 2\nminibatches = 1\nclip = 0.1", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.05, 0.04), 1e-6));
  params.setZero();
  Update("step_size = 0.02\nepochs = 2\nminibatches = 1\nclip = 10", params);
  expected = Eigen::Vector2d(0.05, 0.04);
  expected += (0.02 * (Gradient(expected, 0) + Gradient(expected, 1)) / 2).eval();
  EXPECT_TRUE(params.isApprox(expected, 1e-5));
}

// The clip is one-sided: what moved against its advantage comes back.
TEST_F(PpoTest, SamplesThatMovedTheWrongWayPullBack) {
  samples_.log_probs += Eigen::Vector2d(1, -1);  // as if 0 were a policy that moved the wrong way
  Vector params = Vector::Zero(2);
  Update("step_size = 0.1\nepochs = 1\nminibatches = 1\nclip = 0.2", params);
  const Vector expected =
      0.1 *
      (std::exp(-1) * Gradient(Vector::Zero(2), 0) + std::exp(1) * Gradient(Vector::Zero(2), 1)) /
      2;
  EXPECT_TRUE(params.isApprox(expected, 1e-5));
}

// Two minibatches of one step each, in an order that the address alone decides.
TEST_F(PpoTest, MinibatchesComeInTheOrderOfTheAddress) {
  const auto after = [&](int first) {
    const Vector middle = 0.01 * Gradient(Vector::Zero(2), first);
    return Vector(middle + 0.01 * Gradient(middle, 1 - first));
  };
  std::set<int> seen;
  for (address_.task = 0; address_.task < 20; ++address_.task) {
    Vector params = Vector::Zero(2), again = Vector::Zero(2);
    Update("step_size = 0.01\nepochs = 1\nminibatches = 2\nclip = 10", params);
    Update("step_size = 0.01\nepochs = 1\nminibatches = 2\nclip = 10", again);
    EXPECT_EQ(params, again);
    const int first = params.isApprox(after(0), 1e-5) ? 0 : 1;
    EXPECT_TRUE(params.isApprox(after(first), 1e-5));
    seen.insert(first);
  }
  EXPECT_EQ(seen.size(), 2);
}

TEST_F(PpoTest, MinibatchesWithoutStepsAreLeftOut) {
  address_.task = 3;
  Vector two = Vector::Zero(2), many = Vector::Zero(2);
  Update("step_size = 0.01\nepochs = 3\nminibatches = 2", two);
  Update("step_size = 0.01\nepochs = 3\nminibatches = 7", many);
  EXPECT_EQ(two, many);
}

// Nor are they steps that Adam counts, or that take time: there may be a million of them.
TEST_F(PpoTest, ThereAreNoMoreMinibatchesThanSteps) {
  const auto after_two_updates = [&](const std::string& minibatches) {
    memory_ = Vector();
    Vector params = Vector::Zero(2);
    for (int update = 0; update < 2; ++update) {
      Update("optimizer = 'adam'\nstep_size = 0.001\nepochs = 1000\nminibatches = " + minibatches,
             params, update);
    }
    return params;
  };
  EXPECT_EQ(after_two_updates("2"), after_two_updates("1000000"));
}

// Adam goes on over epochs and over the updates of an adaptation.
TEST_F(PpoTest, AdamRemembersWithinAnAdaptation) {
  Vector params = Vector::Zero(2), expected = Vector::Zero(2), memory;
  for (int update = 0; update < 2; ++update) {
    RecordLogProbs(params);
    const Vector start = expected;
    for (int epoch = 0; epoch < 2; ++epoch) {
      const Vector gradient =
          (Gradient(expected, 0) / Ratio(start, 0) + Gradient(expected, 1) / Ratio(start, 1)) / 2;
      expected += AdamStep(gradient, 0.003, AdamOptions(), 2 * update + epoch, memory);
    }
    Update("optimizer = 'adam'\nstep_size = 0.003\nepochs = 2\nminibatches = 1\nclip = 10", params,
           update);
    EXPECT_TRUE(params.isApprox(expected, 1e-5)) << update;
  }
  EXPECT_TRUE(memory_.isApprox(memory, 1e-5));
}

TEST_F(PpoTest, LearnedStepSizesAndTheNoiseScaleEachStep) {
  step_scale_ = Eigen::Vector2d(2, 0.5);
  noise_ratio_ = 0.5;
  Vector params = Vector::Zero(2);
  Update("step_size = 0.1\nstep_noise_exponent = 1\nepochs = 1\nminibatches = 1", params);
  EXPECT_TRUE(params.isApprox(Eigen::Vector2d(0.25, 0.05), 1e-6));
}

// The second action was all but impossible when it was drawn: its ratio is infinite.
TEST_F(PpoTest, RefusesWhatEndsInAGradientThatIsNotFinite) {
  Vector params = Eigen::Vector2d(0.5, -0.5);
  samples_.log_probs[1] = -1e4;
  memory_ = Vector::Constant(4, 0.25);
  const UpdateStats stats = Update("optimizer = 'adam'", params);
  EXPECT_TRUE(stats.refused);
  EXPECT_EQ(params, Vector(Eigen::Vector2d(0.5, -0.5)));
  EXPECT_EQ(memory_, Vector(Vector::Constant(4, 0.25)));
}

}  // namespace
}  // namespace anole
