// Gradients taken back through inner updates, against finite differences of these updates on the
// same samples.
#include <gtest/gtest.h>

#include "agents/control/gradient_step.h"
#include "agents/control/policy_gradient.h"
#include "tests/agents/finite_differences.h"
#include "tests/agents/line_policy.h"
#include "tests/agents/random_samples.h"

namespace anole {
namespace {

constexpr int kObservations = 3, kActions = 2, kUpdates = 2;

struct Case {
  std::string name;
  bool learns_log_std = false;
  double max_gradient_norm = 0, max_step_norm = 0;
};

// Updates by vpg in double, each on a mixture of two tasks.
class BackPropagation : public testing::TestWithParam<Case> {
 protected:
  BackPropagation() : rng_(Address{.seed = 3}.Open(Purpose::kAction)) {
    shape_ = {MlpShape(kObservations, {5}, kActions), GetParam().learns_log_std};
    theta_ = Vector::Constant(shape_.size(), -0.4);
    theta_.head(shape_.network.size()) = shape_.network.InitialParams(rng_, 1);
    v_ = Vector::NullaryExpr(shape_.size(), [&] { return rng_.Normal(); });
    for (int k = 0; k < kUpdates; ++k) {
      batches_.push_back({RandomSamples(Policy<float>(theta_), kObservations, 30, rng_),
                          RandomSamples(Policy<float>(theta_), kObservations, 12, rng_)});
      scales_.emplace_back(
          Vector::NullaryExpr(shape_.size(), [&] { return rng_.Uniform(0.5, 1.5); }));
    }
  }

  template <class Scalar>
  ControlPolicy<Scalar> Policy(VectorIn params) const {
    return PolicyAt<Scalar>(shape_, params);
  }

  // Of update k.
  Address At(int k) const { return {.inner_step = k}; }
  Vector Step(VectorIn params, int k) const {
    const auto index = static_cast<std::size_t>(k);
    Vector memory;
    return GradientStep(PolicyGradient(Policy<double>(params), batches_[index]), options_,
                        {.address = At(k), .step_scale = scales_[index]}, k, memory);
  }

  Rng rng_;
  PolicyShape shape_;
  GradientStepOptions options_{.step_size = 0.4,
                               .step_decay = 0.7,
                               .max_gradient_norm = GetParam().max_gradient_norm,
                               .max_step_norm = GetParam().max_step_norm};
  Vector theta_, v_;
  std::vector<std::vector<Samples>> batches_;
  std::vector<Vector> scales_;
};

TEST_P(BackPropagation, ThroughTwoUpdatesAgreesWithFiniteDifferences) {
  const Vector expected = FiniteDifferences(
      [&](VectorIn theta) {
        Vector params = theta;
        for (int k = 0; k < kUpdates; ++k) params += Step(params, k);
        return params.dot(v_);
      },
      theta_);
  std::vector<Vector> params = {theta_};
  for (int k = 0; k < kUpdates; ++k) params.emplace_back(params.back() + Step(params.back(), k));
  Vector v = v_;
  for (std::size_t k = kUpdates; k-- > 0;) {
    const ControlPolicy<double> policy = Policy<double>(params[k]);
    const Address address = At(static_cast<int>(k));
    v += PolicyHessianProduct(
        policy, batches_[k],
        GradientStepBackward(PolicyGradient(policy, batches_[k]), options_,
                             {.address = address, .step_scale = scales_[k]}, v));
  }
  EXPECT_LT(RelativeError(v, expected), 1e-6);
  EXPECT_GT((v - v_).norm(), 0.01 * v_.norm()) << "the updates hardly curve";
}

// The learner computes in float.
TEST_P(BackPropagation, OfVpgIsThat) {
  const auto learner =
      MakeLearner("vpg", "step_size = 0.4\nstep_decay = 0.7\nmax_gradient_norm = " +
                             std::to_string(GetParam().max_gradient_norm) +
                             "\nmax_step_norm = " + std::to_string(GetParam().max_step_norm));
  EXPECT_EQ(learner->first_order_only(), "");
  const Address address = At(1);
  const UpdateContext context{.address = address, .step_scale = scales_[1]};
  Vector memory, params = theta_;
  const UpdateStats stats =
      learner->Update(Policy<float>(theta_), batches_[1], context, memory, params);
  const Vector expected =
      FiniteDifferences([&](VectorIn theta) { return (theta + Step(theta, 1)).dot(v_); }, theta_);
  EXPECT_LT(RelativeError(
                learner->BackPropagate(Policy<float>(theta_), batches_[1], context, stats, v_) - v_,
                expected - v_),
            1e-4);
}

INSTANTIATE_TEST_SUITE_P(Updates, BackPropagation,
                         testing::Values(Case{"Plain"}, Case{"LearnedLogStd", true},
                                         Case{"ClippedGradient", true, 0.2, 0},
                                         Case{"ClippedStep", false, 0, 0.05},
                                         Case{"BothClipped", true, 0.2, 0.05}),
                         [](const auto& test) { return test.param.name; });

// At theta = 0 of LinePolicyTest: H of the mean of A log pi is -mean(A (o, 1)(o, 1)^T), and one
// update of step s takes v to (I + s H) v.
TEST_F(LinePolicyTest, BackPropagationByHand) {
  const auto learner = MakeLearner("vpg", "step_size = 0.1");
  const std::vector<Samples> tasks = {samples_};
  const Vector ones = Vector::Ones(2);
  Vector params = Vector::Zero(2);
  const UpdateContext context{.address = address_, .step_scale = ones};
  const UpdateStats stats =
      learner->Update(Policy(Vector::Zero(2)), tasks, context, memory_, params);
  // o = 1 with A = 1, o = 2 with A = -1: H = -((1 1; 1 1) - (4 2; 2 1)) / 2 = (1.5 .5; .5 0).
  const Vector v = learner->BackPropagate(Policy(Vector::Zero(2)), tasks, context, stats,
                                          Eigen::Vector2d(2, -1));
  EXPECT_TRUE(v.isApprox(Eigen::Vector2d(2 + 0.1 * 2.5, -1 + 0.1 * 1), 1e-6)) << v;
}

TEST(InnerLearners, TellWhereUpdatesAreNotDifferentiated) {
  for (const std::string& name : UpdatingLearners()) {
    EXPECT_EQ(MakeLearner(name, "")->first_order_only().empty(), name == "vpg") << name;
  }
  EXPECT_NE(MakeLearner("vpg", "optimizer = 'adam'")->first_order_only(), "");
}

}  // namespace
}  // namespace anole
