#include "agents/control/critic.h"

#include <gtest/gtest.h>

#include "meta/trainer.h"
#include "tests/agents/finite_differences.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

constexpr int kHorizon = 40;

class CriticTest : public testing::Test {
 protected:
  Matrix Random(Eigen::Index rows, Eigen::Index columns) {
    return Matrix::NullaryExpr(rows, columns, [&] { return rng_.Normal(); });
  }

  Samples RandomSamples(std::int64_t steps) {
    Samples samples;
    samples.observations = Random(3, steps);
    samples.advantages = Vector::Zero(steps);
    samples.times = StepTimes(steps);
    samples.returns = 5 * Random(steps, 1);
    samples.privileged = Matrix(0, steps);
    return samples;
  }

  Rng rng_ = Address{.seed = 3}.Open(Purpose::kInit);
  ObservationScale scale_{Vector::Constant(3, 0.5), Vector::Constant(3, 2)};
};

// A network without hidden layers: u = w^T (o - mean) / deviation + w_t t / horizon + b. With a
// discount of .5 and a horizon of 3, w(t) = 1.75, 1.5, 1.
TEST_F(CriticTest, ValuesByHand) {
  const Critic<double> critic({.hidden = {}}, /*seen=*/1, /*horizon=*/3, 0.5);
  ASSERT_EQ(critic.shape().size(), 3);
  const Vector params = Eigen::Vector3d(2, 6, -1);  // of the observation, of the time, bias
  const Matrix observations = (Matrix(1, 3) << 1, 3, 1e9).finished();
  const Vector values = critic.Values(params, {Vector::Constant(1, 1), Vector::Constant(1, 4)},
                                      observations, Matrix(0, 3), StepTimes(3));
  EXPECT_NEAR(values[0], 1.75 * (2 * 0 + 0 - 1), 1e-12);
  EXPECT_NEAR(values[1], 1.5 * (2 * 0.5 + 2 - 1), 1e-12);
  EXPECT_NEAR(values[2], 1 * (2 * kObservationClip + 4 - 1), 1e-12);
}

// Beside it what is privileged: as it is, but for its clip.
TEST_F(CriticTest, SeesWhatIsPrivileged) {
  const Critic<double> critic({.hidden = {}}, /*seen=*/2, /*horizon=*/3, 0.5);
  const Vector params = Eigen::Vector4d(2, 5, 6, -1);  // observation, privileged, time, bias
  const Matrix observations = (Matrix(1, 2) << 1, 1).finished();
  const Matrix privileged = (Matrix(1, 2) << 0.5, -1e9).finished();
  const Vector values = critic.Values(params, {Vector::Constant(1, 1), Vector::Constant(1, 4)},
                                      observations, privileged, StepTimes(2));
  EXPECT_NEAR(values[0], 1.75 * (5 * 0.5 - 1), 1e-12);
  EXPECT_NEAR(values[1], 1.5 * (-5 * kObservationClip + 2 - 1), 1e-12);
}

TEST_F(CriticTest, GradientAgreesWithFiniteDifferences) {
  const Critic<double> critic({.hidden = {6, 5}}, 3, kHorizon, 0.9);
  const Vector params = critic.shape().InitialParams(rng_, 1);
  const std::vector<Samples> tasks = {RandomSamples(40), {}, RandomSamples(7)};
  const double largest = (1 - std::pow(0.9, kHorizon)) / (1 - 0.9);  // w(0)
  const auto objective = [&](VectorIn p) {
    double sum = 0;
    for (const Samples& task : tasks) {
      if (task.returns.size() == 0) continue;
      const Vector values =
          critic.Values(p, scale_, task.observations, task.privileged, task.times);
      sum -= ((task.returns - values) / largest).squaredNorm() / double(task.returns.size()) / 2;
    }
    return sum / 3;
  };
  const Vector expected = FiniteDifferences(objective, params);
  EXPECT_LT(RelativeError(critic.Gradient(params, scale_, tasks), expected), 1e-6);
  const Critic<float> work({.hidden = {6, 5}}, 3, kHorizon, 0.9);
  EXPECT_LT(RelativeError(work.Gradient(params, scale_, tasks), expected), 1e-4);
}

TEST_F(CriticTest, FitsReturnsThatItCanTell) {
  const Critic<float> critic({.hidden = {16}, .steps = 500}, 3, kHorizon, 0.9);
  std::vector<Samples> tasks = {RandomSamples(40), RandomSamples(40)};
  const Vector params = critic.shape().InitialParams(rng_, 1);
  const Vector truth = critic.shape().InitialParams(rng_, 3);
  for (Samples& task : tasks) {
    task.returns = critic.Values(truth, scale_, task.observations, task.privileged, task.times);
  }
  const auto error = [&](VectorIn p) {
    return (critic.Values(p, scale_, tasks[0].observations, tasks[0].privileged, tasks[0].times) -
            tasks[0].returns)
        .norm();
  };
  EXPECT_LT(error(critic.Fit(params, scale_, tasks)), 0.1 * error(params));
  const std::vector<Samples> none(2);
  EXPECT_EQ(critic.Fit(params, scale_, none), params);
  tasks[1].returns[3] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(critic.Fit(params, scale_, tasks), params);
}

// The critic is a part of theta: it starts each adaptation better than the last random one did, and
// the policy's part is where it is without a critic.
TEST(Critic, IsMetaLearned) {
  const auto make = [](const std::string& baseline) {
    Settings settings = Settings::FromText(
        "[task]\nfamily = 'point-navigation'\nhorizon = 30\n[policy]\nhidden = [16]\n"
        "[inner]\nupdates = 2\nrollouts = 10\n[meta]\nbatch_size = 4\n",
        "test");
    settings.Set("inner.baseline", baseline);
    return Experiment(settings);
  };
  const Experiment experiment = make("critic");
  const auto loop = experiment.MakeControlLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  const Vector linear = make("linear").MakeControlLoop()->Initial(1).theta;
  ASSERT_EQ(TotalSize(loop->spec().layout.theta), state.theta.size());
  ASSERT_GT(state.theta.size(), linear.size());
  EXPECT_EQ(state.theta.head(linear.size()), linear);
  EXPECT_EQ(loop->spec().layout.theta.back().name, "critic/layer2/bias");

  const auto row = std::ranges::find(loop->spec().facts, "explained_variance", &Column::name) -
                   loop->spec().facts.begin();
  const auto explained = [&] {  // before any update
    double sum = 0;
    for (const Adaptation& adaptation : trainer.Step(state).batch) {
      sum += adaptation.facts(row, 0) / 4;
    }
    return sum;
  };
  const double first = explained();
  for (int i = 0; i < 15; ++i) trainer.Step(state);
  EXPECT_GT(explained(), first + 0.2);
}

}  // namespace
}  // namespace anole
