#include "agents/network/gru.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "agents/network/gaussian_policy.h"
#include "tests/agents/finite_differences.h"

namespace anole {
namespace {

constexpr int kSeen = 4, kUnits = 5, kActs = 2;

TEST(Gru, IsTheFormulaInItsHead) {
  const GruShape shape(1, 1, 0);
  Vector params(12);
  params << 0.1, 0.2, 0.3, /*b*/ 0.4, 0.5, 0.6, /*U*/ 0.7, 0.8, 0.9, /*c*/ -0.1, -0.2, -0.3;
  ASSERT_EQ(shape.size(), params.size());
  const Gru<double> gru(shape, params);
  auto state = gru.MakeState();
  state.h << 0.5;
  gru.Step(Matrix::Constant(1, 1, 2), state);
  const auto sigma = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double r = sigma(0.1 * 2 + 0.4 + 0.7 * 0.5 - 0.1),
               z = sigma(0.2 * 2 + 0.5 + 0.8 * 0.5 - 0.2);
  const double n = std::tanh(0.3 * 2 + 0.6 + r * (0.9 * 0.5 - 0.3));
  EXPECT_NEAR(state.h[0], (1 - z) * n + z * 0.5, 1e-15);
}

TEST(Gru, NamesItsBlocks) {
  const GruShape shape(kSeen, kUnits, 7);
  EXPECT_EQ(TotalSize(shape.Blocks("p")), shape.size());
  EXPECT_EQ(shape.Blocks("p")[2].name, "p/state/weight");
  EXPECT_EQ(shape.Blocks("p")[2].shape, (std::vector<std::int64_t>{kUnits, 3 * kUnits}));
  EXPECT_TRUE(GruShape().Blocks("p").empty());
}

// A policy that remembers, and episodes of it: more than a pass takes at once, of all lengths.
class RecurrentPolicy : public testing::Test {
 protected:
  RecurrentPolicy() : rng_(Address{.seed = 3}.Open(Purpose::kInit)) {
    shape_.network = MlpShape(kUnits, {3}, kActs);
    shape_.gru = GruShape(kSeen, kUnits, shape_.network.size());
    shape_.learns_log_std = true;
    params_ = Random(shape_.size(), 1) * 0.5;
    for (int i = 0; i < 19; ++i) lengths_.push_back(1 + (i * 7) % 11);
    const std::int64_t steps = std::accumulate(lengths_.begin(), lengths_.end(), std::int64_t{0});
    observations_ = Random(kSeen, steps);
    actions_ = Random(kActs, steps);
    weights_ = Random(steps, 1);
  }

  Matrix Random(Eigen::Index rows, Eigen::Index columns) {
    return Matrix::NullaryExpr(rows, columns, [&] { return rng_.Normal(); });
  }

  GaussianPolicy<double> Policy(VectorIn params) const {
    return {shape_, params, shape_.LearnedLogStd(params), scale_};
  }
  Sequences Steps() const { return {observations_, lengths_}; }

  Rng rng_;
  PolicyShape shape_;
  Vector params_, weights_;
  ObservationScale scale_{Vector::Constant(kSeen, 0.1), Vector::Constant(kSeen, 1.2)};
  std::vector<std::int64_t> lengths_;
  Matrix observations_, actions_;
};

TEST_F(RecurrentPolicy, HasParametersOfItsOwn) {
  EXPECT_EQ(TotalSize(shape_.Blocks()), shape_.size());
  EXPECT_EQ(shape_.observation_dim(), kSeen);
  EXPECT_EQ(std::ssize(shape_.layers()), 4);
}

// LogProbs goes step by step, as acting does; the gradient comes from passes over whole episodes.
TEST_F(RecurrentPolicy, GradientThroughTimeAgreesWithFiniteDifferences) {
  const Vector gradient = Policy(params_).WeightedGradient(Steps(), actions_, weights_);
  const Vector expected = FiniteDifferences(
      [&](VectorIn params) { return weights_.dot(Policy(params).LogProbs(Steps(), actions_)); },
      params_);
  EXPECT_LT(RelativeError(gradient, expected), 1e-6);
}

TEST_F(RecurrentPolicy, EpisodesOneByOneGiveTheSameGradient) {
  const GaussianPolicy<double> policy = Policy(params_);
  Vector sum = Vector::Zero(shape_.size());
  Eigen::Index first = 0;
  for (const std::int64_t length : lengths_) {
    sum += policy.WeightedGradient(observations_.middleCols(first, length),
                                   actions_.middleCols(first, length),
                                   weights_.segment(first, length));
    first += length;
  }
  EXPECT_LT(RelativeError(policy.WeightedGradient(Steps(), actions_, weights_), sum), 1e-12);
}

TEST_F(RecurrentPolicy, ForgetsBetweenEpisodesOnly) {
  const GaussianPolicy<double> policy = Policy(params_);
  const Vector log_probs = policy.LogProbs(Steps(), actions_);
  const std::int64_t first = lengths_[0], second = lengths_[1];
  const Vector alone =
      policy.LogProbs(observations_.middleCols(first, second), actions_.middleCols(first, second));
  EXPECT_EQ(log_probs.segment(first, second), alone);
  const Vector joined =
      policy.LogProbs(observations_.leftCols(first + second), actions_.leftCols(first + second));
  EXPECT_EQ(joined.head(first), log_probs.head(first));
  EXPECT_NE(joined.tail(second), alone);
}

TEST_F(RecurrentPolicy, FisherProductAgreesWithFiniteDifferences) {
  const GaussianPolicy<double> policy = Policy(params_);
  const auto kl_gradient = [&](VectorIn params) {
    return Policy(params).KlGradient(policy, Steps());
  };
  const Vector v = Random(shape_.size(), 1);
  constexpr double kStep = 1e-5;
  const Vector expected =
      (kl_gradient(params_ + kStep * v) - kl_gradient(params_ - kStep * v)) / (2 * kStep);
  EXPECT_LT(RelativeError(policy.FisherProduct(Steps(), v), expected), 1e-6);
}

TEST_F(RecurrentPolicy, KlGradientAgreesWithFiniteDifferences) {
  const GaussianPolicy<double> from = Policy(params_ + 0.1 * Random(shape_.size(), 1));
  const Vector expected = FiniteDifferences(
      [&](VectorIn params) { return from.MeanKl(Policy(params), Steps()); }, params_);
  EXPECT_LT(RelativeError(Policy(params_).KlGradient(from, Steps()), expected), 1e-6);
}

TEST_F(RecurrentPolicy, SeesItsOwnPast) {
  shape_.feedback_dim = kActs + 2;
  shape_.gru = GruShape(kSeen + kActs + 2, kUnits, shape_.network.size());
  const Vector params = Random(shape_.size(), 1);
  const GaussianPolicy<double> policy(
      shape_, params, shape_.LearnedLogStd(params),
      {Vector::Zero(shape_.observation_dim()), Vector::Ones(shape_.observation_dim())});
  auto memory = policy.MakeMemory();
  policy.BeginEpisode(memory);
  Vector seen = Vector::Ones(shape_.observation_dim());
  policy.Recall(memory, seen);
  EXPECT_EQ(seen.head(kSeen), Vector::Ones(kSeen));
  EXPECT_EQ(seen.tail(kActs + 2), Vector::Zero(kActs + 2));
  policy.Remember(memory, Eigen::Vector2d(3, -4), 5, true);
  policy.Recall(memory, seen);
  EXPECT_EQ(seen.tail(kActs + 2), Eigen::Vector4d(3, -4, 5, 1));
  policy.BeginEpisode(memory);
  policy.Recall(memory, seen);
  EXPECT_EQ(seen.tail(kActs + 2), Vector::Zero(kActs + 2));
}

}  // namespace
}  // namespace anole
