#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/agents/line_policy.h"
#include "tests/agents/random_samples.h"

namespace anole {
namespace {

class TrpoTest : public LinePolicyTest {
 protected:
  UpdateStats Update(const std::string& options, Vector& params) {
    RecordLogProbs(params);
    return LinePolicyTest::Update("trpo", options, params);
  }

  // One step: o = 1, a = 1, A = 1. Its natural gradient goes along (1, 1), so for a KL of k to the
  // mean m = sqrt(2 k), where the ratio is exp(m - m^2 / 2): more than 1 where m is less than 2.
  void UseOneStep() {
    samples_ = {Matrix::Ones(1, 1), Matrix::Ones(1, 1), Vector::Zero(1), Vector::Ones(1)};
  }
};

// As npg's, but shorter by a hair: a step whose KL is inner.kl up to rounding may be above it.
TEST_F(TrpoTest, StepsAsTheNaturalGradient) {
  Vector params = Vector::Zero(2);
  const UpdateStats stats =
      Update("kl = 0.1\ndamping = 0\nbacktrack_ratio = 0.99\nbacktracks = 1", params);
  EXPECT_FALSE(stats.refused);
  EXPECT_LT((params - Eigen::Vector2d(-0.4, 1)).norm(), 0.011 * params.norm()) << params;
  EXPECT_NEAR(params[1] / params[0], -2.5, 1e-4);
  EXPECT_NEAR(stats.step_norm, params.norm(), 1e-12);
}

// k = 8: m = 4, 3.2, 2.56, 2.048 and at last 1.6384, where the surrogate is more than it was.
TEST_F(TrpoTest, ShortensAStepThatOvershoots) {
  UseOneStep();
  Vector params = Vector::Zero(2);
  EXPECT_FALSE(Update("kl = 8\nbacktrack_ratio = 0.8\nbacktracks = 4", params).refused);
  EXPECT_TRUE(params.isApprox(Vector::Constant(2, 1.6384 / 2), 1e-5)) << params;
}

TEST_F(TrpoTest, StaysWhereNoStepIsGood) {
  UseOneStep();
  Vector params = Vector::Zero(2);
  const UpdateStats stats = Update("kl = 8\nbacktrack_ratio = 0.8\nbacktracks = 3", params);
  EXPECT_TRUE(stats.refused);
  EXPECT_EQ(stats.step_norm, 0);
  EXPECT_EQ(params, Vector(Vector::Zero(2)));
}

// The mean stays, so x is along log_std alone: a = .2 without a mean has the gradient .04 - 1, and
// the KL of a step of -s is exp(2 s) / 2 - s - 1 / 2. inner.kl = .25 asks for s = .5, whose KL of
// .359 is too much; so are .45 (.280), and .405 (.219) is not.
TEST_F(TrpoTest, ShortensAStepThatGoesTooFar) {
  shape_.learns_log_std = true;
  samples_ = {Matrix::Zero(1, 2), (Matrix(1, 2) << 0.2, -0.2).finished(), Vector::Zero(2),
              Vector::Ones(2)};
  Vector params = Vector::Zero(3);
  EXPECT_FALSE(Update("kl = 0.25\nbacktrack_ratio = 0.9", params).refused);
  EXPECT_TRUE(params.isApprox(Eigen::Vector3d(0, 0, -0.405), 1e-5)) << params;
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// 200 batches of a random policy's own actions, with random advantages; mixtures of two tasks
// whose numbers of steps differ, and noise that is learned in every second.
TEST(Trpo, KeepsWhatItPromisesOnRandomBatches) {
  constexpr double kKl = 0.02;
  const auto learner = MakeLearner("trpo", "kl = 0.02");
  int accepted = 0;
  std::vector<double> shares;
  for (int batch = 0; batch < 200; ++batch) {
    Rng rng = Address{.seed = 6, .iteration = batch}.Open(Purpose::kAction);
    const PolicyShape shape{MlpShape(5, {16, 16}, 3), /*learns_log_std=*/batch % 2 == 1};
    Vector params = Vector::Constant(shape.size(), -0.5);
    params.head(shape.network.size()) = shape.network.InitialParams(rng, 1);
    const ControlPolicy<float> policy(shape, params, Vector::Constant(3, -0.5),
                                      {Vector::Zero(5), Vector::Ones(5)});
    std::vector<Samples> tasks;
    for (const Eigen::Index steps : {300, 60}) {
      tasks.push_back(RandomSamples(policy, 5, steps, rng));
    }
    Vector moved = params, memory;
    const Vector ones = Vector::Ones(shape.size());
    const Address address;
    if (learner->Update(policy, tasks, {.address = address, .step_scale = ones}, memory, moved)
            .refused) {
      EXPECT_EQ(moved, params);
      continue;
    }
    ++accepted;
    const ControlPolicy<double> before(shape, params, Vector::Constant(3, -0.5),
                                       {Vector::Zero(5), Vector::Ones(5)});
    const ControlPolicy<double> after = before.At(moved);
    double gain = 0, kl = 0;
    for (const Samples& task : tasks) {
      const Vector ratios = (after.LogProbs(task.observations, task.actions) -
                             before.LogProbs(task.observations, task.actions))
                                .array()
                                .exp();
      gain += (ratios.array() - 1).matrix().dot(task.advantages) / double(ratios.size()) / 2;
      kl += before.MeanKl(after, task.observations) / 2;
    }
    EXPECT_GT(gain, 0) << batch;
    EXPECT_LE(kl, kKl * (1 + 1e-5)) << batch;  // it is tested in float
    shares.push_back(kl / kKl);
  }
  RecordProperty("accepted", accepted);
  RecordProperty("median", std::to_string(Median(shares)));
  EXPECT_GE(accepted, 190);
  EXPECT_GE(Median(shares), 0.5);
  EXPECT_LE(Median(shares), 1);
}

}  // namespace
}  // namespace anole
