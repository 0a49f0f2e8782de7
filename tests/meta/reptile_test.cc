// Reptile on linear regression, where the answers are known: inner gradient descent is an affine
// map of theta, so the fixed points of the outer loop have closed forms.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

#include "configs/reader.h"
#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

constexpr double kInnerStep = 0.2;
constexpr int kInnerUpdates = 4;

Experiment Regression(const std::string& meta) {
  return Experiment(Settings::FromText(
      "[task]\nfamily = 'linear-regression'\nintercepts = [1, -1, 0.3]\nslopes = [2, 0.5, -3]\n"
      "[inner]\nstep_size = 0.2\nupdates = 4\n[meta]\n" +
          meta,
      "test"));
}

// phi(theta) = optimum + contraction * (theta - optimum): kInnerUpdates steps of gradient descent
// on a task's mean squared error. theta = (slope, intercept).
struct AffineTask {
  Eigen::Matrix2d contraction;
  Eigen::Vector2d optimum;

  Eigen::Vector2d Adapt(const Eigen::Vector2d& theta) const {
    return optimum + contraction * (theta - optimum);
  }
};

std::vector<AffineTask> AffineTasks() {
  const auto maker = DataFamilies::NewMaker("linear-regression");
  const Settings settings =
      Settings::FromText("[task]\nintercepts = [1, -1, 0.3]\nslopes = [2, 0.5, -3]", "test");
  SettingsReader reader(settings);
  maker->Describe(reader);
  const auto family = maker->Make();
  std::vector<AffineTask> tasks;
  for (int i = 0; i < 3; ++i) {
    Rng rng = Address{}.Open(Purpose::kTask);
    const Batch batch = family->Draw(family->Sample(rng, {.index = i}), rng);
    const double n = static_cast<double>(batch.inputs.cols());
    Matrix design(2, batch.inputs.cols());
    design << batch.inputs, Matrix::Ones(1, batch.inputs.cols());
    const Eigen::Matrix2d gram = design * design.transpose();
    AffineTask task;
    task.optimum = gram.inverse() * design * batch.targets.transpose();
    const Eigen::Matrix2d step = Eigen::Matrix2d::Identity() - kInnerStep * 2 / n * gram;
    task.contraction.setIdentity();
    for (int k = 0; k < kInnerUpdates; ++k) task.contraction = step * task.contraction;
    tasks.push_back(task);
  }
  return tasks;
}

Vector Train(const Experiment& experiment, std::int64_t iterations) {
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  for (std::int64_t i = 0; i < iterations; ++i) trainer.Step(state);
  return state.theta;
}

TEST(Reptile, AnAdaptationIsTheAffineMap) {
  const Experiment experiment = Regression("");
  const auto loop = experiment.MakeLoop();
  MetaState state = loop->Initial(1);
  state.theta = Eigen::Vector2d(0.7, -0.3);
  const Matrix tasks = loop->SampleTasks(1, Phase::kTrain, {.count = 3});
  for (int i = 0; i < 3; ++i) {
    const Adaptation adaptation = loop->Adapt(state, tasks.col(i), {}, loop->spec().training);
    EXPECT_LT(
        (adaptation.params - AffineTasks()[static_cast<std::size_t>(i)].Adapt(state.theta)).norm(),
        1e-14);
  }
}

TEST(Reptile, BatchedEndsAtTheClosedFormFixedPoint) {
  // sum_i (I - C_i) (theta - optimum_i) = 0
  Eigen::Matrix2d left = Eigen::Matrix2d::Zero();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  for (const AffineTask& task : AffineTasks()) {
    const Eigen::Matrix2d pull = Eigen::Matrix2d::Identity() - task.contraction;
    left += pull;
    right += pull * task.optimum;
  }
  const Vector expected = left.inverse() * right;
  for (const std::string step : {"1", "0.25"}) {
    const Experiment experiment = Regression("batch_size = 3\nstep_size = " + step);
    EXPECT_LT((Train(experiment, 500) - expected).norm(), 1e-8) << "outer step " << step;
  }
}

TEST(Reptile, SerialEndsAtTheFixedPointOfItsCycle) {
  constexpr double kPull = 0.25;
  // One round through the tasks: theta -> map * theta + offset.
  Eigen::Matrix2d map = Eigen::Matrix2d::Identity();
  Eigen::Vector2d offset = Eigen::Vector2d::Zero();
  for (const AffineTask& task : AffineTasks()) {
    const Eigen::Matrix2d pull = kPull * (Eigen::Matrix2d::Identity() - task.contraction);
    const Eigen::Matrix2d step = Eigen::Matrix2d::Identity() - pull;
    map = step * map;
    offset = step * offset + pull * task.optimum;
  }
  const Vector expected = (Eigen::Matrix2d::Identity() - map).inverse() * offset;
  const Experiment experiment = Regression("batch_size = 1\nstep_size = 0.25");
  EXPECT_LT((Train(experiment, 900) - expected).norm(), 1e-8);
}

// theta - beta * grad ||theta - mean(phi)||^2 is Reptile's step with alpha = 2 beta.
TEST(Reptile, IsAGradientStepOnTheSquaredDistanceToTheMean) {
  constexpr double kBeta = 0.3;
  const Experiment experiment = Regression("batch_size = 3\nstep_size = 0.6");
  const Vector theta = experiment.MakeLoop()->Initial(1).theta;
  Vector mean = Vector::Zero(2);
  for (const AffineTask& task : AffineTasks()) mean += task.Adapt(theta) / 3;
  const Vector expected = theta - kBeta * 2 * (theta - mean);
  EXPECT_LT((Train(experiment, 1) - expected).norm(), 1e-14);
}

// Of three adaptations, from theta = 0: the worst counts 1 + evenness, the best 1 - evenness.
TEST(Reptile, EvennessWeighsTasksByTheRankOfTheirObjective) {
  std::vector<Adaptation> batch(3);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].params = Vector::Unit(3, static_cast<Eigen::Index>(i));
  }
  batch[0].objective = 500;
  batch[1].objective = -20;
  batch[2].objective = 30;
  const auto direction = [&](const char* meta) {
    return Regression(meta).MakeGradient()->Direction(batch, Vector::Zero(3));
  };
  EXPECT_TRUE(direction("evenness = 0.6").isApprox(Eigen::Vector3d(0.4, 1.6, 1) / 3));
  EXPECT_TRUE(direction("evenness = 0").isApprox(Eigen::Vector3d(1, 1, 1) / 3));
  batch[1].objective = std::nan("");  // nothing is known of it
  EXPECT_TRUE(direction("evenness = 0.6").isApprox(Eigen::Vector3d(0.7, 1, 1.3) / 3));
  batch.resize(1);
  EXPECT_TRUE(direction("evenness = 0.6").isApprox(batch[0].params));
}

// What is maximised: a return, or minus a loss.
TEST(Reptile, AnAdaptationTellsTheObjectiveOfItsLastBatch) {
  for (const char* family : {"linear-regression", "point-navigation"}) {
    const auto loop =
        Experiment(Settings::FromText(std::string("task.family = '") + family + "'", "test"))
            .MakeLoop();
    const Adaptation adaptation =
        loop->Adapt(loop->Initial(1), loop->SampleTasks(1, Phase::kTrain, {.count = 1}),
                    Address{.seed = 1}, loop->spec().training);
    const double score = adaptation.facts(kScoreFact, adaptation.facts.cols() - 1);
    EXPECT_EQ(adaptation.objective, loop->spec().higher_is_better ? score : -score);
  }
}

TEST(Trainer, TellsHowFarAndHowMuchAlikeTheTasksWent) {
  const Experiment experiment = Regression("batch_size = 3\nstep_size = 0.6");
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  std::vector<Vector> changes;
  for (const AffineTask& task : AffineTasks())
    changes.emplace_back(task.Adapt(state.theta) - state.theta);
  const IterationFacts facts = trainer.Step(state);
  double distance = 0, cosine = 0;
  for (const Vector& change : changes) {
    distance += change.norm() / 3;
    for (const Vector& other : changes) {
      if (&other != &change) cosine += change.dot(other) / (change.norm() * other.norm()) / 6;
    }
  }
  EXPECT_NEAR(facts.adapted_distance, distance, 1e-12);
  EXPECT_NEAR(facts.adapted_cosine, cosine, 1e-12);
}

TEST(Reptile, ToleranceStopsOnConvergence) {
  const Experiment experiment = Regression("batch_size = 3\ntolerance = 1e-6");
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  bool converged = false;
  while (!converged && state.iteration < 1000) {
    trainer.Step(state);
    converged = experiment.trainer.HasConverged(state);
    EXPECT_EQ(converged, state.direction_norm < 1e-6);
  }
  EXPECT_LT(state.iteration, 100);
}

}  // namespace
}  // namespace anole
