#include "agents/network/gaussian_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/agents/finite_differences.h"

namespace anole {
namespace {

constexpr int kInputs = 4, kOutputs = 3, kSamples = 300;  // more than one chunk

class PolicyGradient : public testing::TestWithParam<bool> {
 protected:
  PolicyGradient() : rng_(Address{.seed = 9}.Open(Purpose::kAction)) {
    shape_ = {MlpShape(kInputs, {8, 6}, kOutputs), /*learns_log_std=*/GetParam()};
    params_ = Vector::Constant(shape_.size(), -0.4);
    params_.head(shape_.network.size()) = shape_.network.InitialParams(rng_, 1);
    scale_ = {Random(kInputs, 1), Random(kInputs, 1).cwiseAbs().array() + 0.5};
    observations_ = Random(kInputs, kSamples);
    actions_ = Random(kOutputs, kSamples);
    weights_ = Random(kSamples, 1);
  }

  Matrix Random(Eigen::Index rows, Eigen::Index columns) {
    return Matrix::NullaryExpr(rows, columns, [&] { return rng_.Normal(); });
  }

  template <class Scalar>
  GaussianPolicy<Scalar> Policy(VectorIn params) const {
    const Vector log_std =
        GetParam() ? Vector(params.tail(kOutputs)) : Vector(Eigen::Vector3d(-0.5, 0.1, -1.2));
    return {shape_, params, log_std, scale_};
  }

  Rng rng_;
  PolicyShape shape_;
  Vector params_, weights_;
  ObservationScale scale_;
  Matrix observations_, actions_;
};

TEST_P(PolicyGradient, AgreesWithFiniteDifferences) {
  const Vector gradient =
      Policy<double>(params_).WeightedGradient(observations_, actions_, weights_);
  const Vector expected = FiniteDifferences(
      [&](VectorIn params) {
        return weights_.dot(Policy<double>(params).LogProbs(observations_, actions_));
      },
      params_);
  EXPECT_LT(RelativeError(gradient, expected), 1e-6);
}

TEST_P(PolicyGradient, WeightsMayDependOnLogProbs) {
  const GaussianPolicy<double> policy = Policy<double>(params_);
  const Vector log_probs = policy.LogProbs(observations_, actions_);
  const Vector gradient =
      policy.WeightedGradient(observations_, actions_, [&](Eigen::Index i, double log_prob) {
        EXPECT_NEAR(log_prob, log_probs[i], 1e-12 * std::abs(log_probs[i]));
        return weights_[i];
      });
  EXPECT_EQ(gradient, policy.WeightedGradient(observations_, actions_, weights_));
}

// J, the derivative of all mean actions, by central differences; the product from its definition.
TEST_P(PolicyGradient, FisherProductAgreesWithFiniteDifferences) {
  const auto means = [&](VectorIn params) -> Vector {
    const GaussianPolicy<double> policy = Policy<double>(params);
    auto pass = policy.MakeMemory();
    Vector all(kOutputs * kSamples);
    for (int i = 0; i < kSamples; ++i) {
      policy.Mean(observations_.col(i), pass, all.segment(Eigen::Index{i} * kOutputs, kOutputs));
    }
    return all;
  };
  constexpr double kStep = 1e-5;
  Matrix jacobian(kOutputs * kSamples, shape_.size());
  for (Eigen::Index i = 0; i < shape_.size(); ++i) {
    const Vector step = kStep * Vector::Unit(shape_.size(), i);
    jacobian.col(i) = (means(params_ + step) - means(params_ - step)) / (2 * kStep);
  }
  const Vector precision = Policy<double>(params_).standard_deviation().cwiseAbs2().cwiseInverse();
  const Vector v = Random(shape_.size(), 1);
  Vector expected = jacobian.transpose() *
                    (jacobian * v).cwiseProduct(precision.replicate(kSamples, 1)) / kSamples;
  if (GetParam()) expected.tail(kOutputs) = 2 * v.tail(kOutputs);
  EXPECT_LT(RelativeError(Policy<double>(params_).FisherProduct(observations_, v), expected), 1e-6);
  EXPECT_LT(RelativeError(Policy<float>(params_).FisherProduct(observations_, v), expected), 1e-4);
}

TEST_P(PolicyGradient, FisherInformationIsTheCurvatureOfTheKl) {
  const Vector v = Random(shape_.size(), 1).normalized();
  const GaussianPolicy<double> policy = Policy<double>(params_);
  const auto kl = [&](double h) {
    return policy.MeanKl(policy.At(params_ + h * v), observations_);
  };
  const double curvature = v.dot(policy.FisherProduct(observations_, v));
  EXPECT_NEAR((kl(1e-4) + kl(-1e-4)) / 1e-8, curvature, 1e-6 * curvature);
}

TEST_P(PolicyGradient, KlGradientAgreesWithFiniteDifferences) {
  const Vector moved = params_ + 0.3 * Random(shape_.size(), 1);
  const Vector expected = FiniteDifferences(
      [&](VectorIn params) {
        return Policy<double>(params_).MeanKl(Policy<double>(params), observations_);
      },
      moved);
  EXPECT_LT(RelativeError(Policy<double>(moved).KlGradient(Policy<double>(params_), observations_),
                          expected),
            1e-6);
  EXPECT_LT(RelativeError(Policy<float>(moved).KlGradient(Policy<float>(params_), observations_),
                          expected),
            1e-4);
  EXPECT_EQ(Policy<double>(moved).KlGradient(Policy<double>(moved), observations_).norm(), 0);
}

// Of the log-likelihoods weighted with weights_, and of likelihood ratios weighted with them.
TEST_P(PolicyGradient, HessianProductsAgreeWithFiniteDifferences) {
  const Vector v = Random(shape_.size(), 1).normalized();
  const GaussianPolicy<double> policy = Policy<double>(params_);
  const Vector old_log_probs = policy.LogProbs(observations_, actions_);
  const GaussianPolicy<double>::Weight likelihood = [&](Eigen::Index i, double /*log_prob*/) {
    return weights_[i];
  };
  const GaussianPolicy<double>::Weight ratio = [&](Eigen::Index i, double log_prob) {
    return weights_[i] * std::exp(log_prob - old_log_probs[i]);
  };
  const auto expected = [&](const GaussianPolicy<double>::Weight& weight) -> Vector {
    const auto gradient = [&](double h) {
      return policy.At(params_ + h * v).WeightedGradient(observations_, actions_, weight);
    };
    return (gradient(1e-5) - gradient(-1e-5)) / 2e-5;
  };
  const Vector none = Vector::Zero(kSamples);
  EXPECT_LT(RelativeError(policy.HessianProduct(observations_, actions_, weights_, none, v),
                          expected(likelihood)),
            1e-6);
  EXPECT_LT(RelativeError(policy.HessianProduct(observations_, actions_, weights_, weights_, v),
                          expected(ratio)),
            1e-6);
  EXPECT_LT(RelativeError(Policy<float>(params_).HessianProduct(observations_, actions_, weights_,
                                                                weights_, v),
                          expected(ratio)),
            1e-3);
}

TEST_P(PolicyGradient, AtOtherParametersOnlyTheseAreOthers) {
  const Vector moved = params_ + Random(shape_.size(), 1);
  EXPECT_EQ(Policy<double>(params_).At(moved).LogProbs(observations_, actions_),
            Policy<double>(moved).LogProbs(observations_, actions_));
}

TEST_P(PolicyGradient, KlIsTheMeanLogRatioOfItsOwnActions) {
  Vector moved = params_;
  for (double& parameter : moved) parameter += 0.1 * rng_.Normal();
  const GaussianPolicy<double> before = Policy<double>(params_), after = Policy<double>(moved);
  EXPECT_NEAR(before.MeanKl(before, observations_), 0, 1e-12);
  // Monte Carlo over actions drawn at every observation.
  constexpr int kDraws = 2000;
  auto pass = before.MakeMemory();
  Vector mean(kOutputs), noise(kOutputs);
  Matrix actions(kOutputs, kSamples);
  double sum = 0, entropy = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    for (int i = 0; i < kSamples; ++i) {
      before.Mean(observations_.col(i), pass, mean);
      for (double& x : noise) x = rng_.Normal();
      actions.col(i) = mean + before.standard_deviation().cwiseProduct(noise);
    }
    const Vector own = before.LogProbs(observations_, actions);
    sum += (own - after.LogProbs(observations_, actions)).mean();
    entropy -= own.mean();
  }
  const double kl = before.MeanKl(after, observations_);
  EXPECT_GT(kl, 0.01);
  EXPECT_NEAR(sum / kDraws, kl, 0.02 * kl);
  EXPECT_NEAR(entropy / kDraws, before.Entropy(), 0.01);

  // Of some steps.
  const Matrix some = observations_(Eigen::all, Eigen::seq(0, kSamples - 1, 3));
  EXPECT_EQ(before.MeanKl(after, observations_, 3), before.MeanKl(after, some));
}

TEST_P(PolicyGradient, InFloatIsThatInDouble) {
  const Vector exact = Policy<double>(params_).WeightedGradient(observations_, actions_, weights_);
  const Vector work = Policy<float>(params_).WeightedGradient(observations_, actions_, weights_);
  EXPECT_LT(RelativeError(work, exact), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(LogStd, PolicyGradient, testing::Bool(),
                         [](const auto& test) { return test.param ? "learned" : "fixed"; });

TEST(GaussianPolicy, LogProbIsTheDensityOfTheRawAction) {
  // A network of zeros: the mean is 0 whatever the observation.
  const PolicyShape shape{MlpShape(1, {2}, 2)};
  const Vector log_std = Eigen::Vector2d(std::log(0.5), std::numbers::ln2);
  const GaussianPolicy<double> policy(shape, Vector::Zero(shape.size()), log_std,
                                      {Vector::Zero(1), Vector::Ones(1)});
  const Matrix action = Eigen::Vector2d(1.5, -3);  // beyond the clip of +-1
  const auto normal = [](double x, double deviation) {
    return std::exp(-0.5 * x * x / (deviation * deviation)) /
           (deviation * std::sqrt(2 * std::numbers::pi));
  };
  EXPECT_NEAR(policy.LogProbs(Matrix::Zero(1, 1), action)[0],
              std::log(normal(1.5, 0.5) * normal(-3, 2)), 1e-12);
}

TEST(GaussianPolicy, ClipsNormalisedObservationsAtTenDeviations) {
  const PolicyShape shape{MlpShape(1, {}, 1)};
  Vector params(2);
  params << 1, 0;
  const GaussianPolicy<double> policy(shape, params, Vector::Zero(1),
                                      {Vector::Constant(1, 5), Vector::Constant(1, 2)});
  auto pass = policy.MakeMemory();
  Vector mean(1);
  policy.Mean(Vector::Constant(1, 9), pass, mean);
  EXPECT_EQ(mean[0], 2);
  policy.Mean(Vector::Constant(1, -1000), pass, mean);
  EXPECT_EQ(mean[0], -10);
}

}  // namespace
}  // namespace anole
