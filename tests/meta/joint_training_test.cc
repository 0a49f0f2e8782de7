// What joint training and Reptile have in common, on a body with contacts: with one inner update,
// plain outer steps of size 1 and everything normalised per task they are the same.
#include <gtest/gtest.h>

#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

Experiment Cheetah(bool mixture, int updates) {
  Settings settings = Settings::FromText(
      "[task]\nfamily = 'cheetah-velocity'\nrange = [-2, 2]\nhorizon = 40\n"
      "[policy]\nhidden = [16]\n[inner]\nrollouts = 4\n[meta]\nbatch_size = 3\nstep_size = 1\n",
      "test");
  settings.Set("task.mixture", mixture ? "true" : "false");
  settings.Set("inner.updates", std::to_string(updates));
  return Experiment(settings);
}

MetaState Train(bool mixture, int updates, std::int64_t iterations) {
  const Experiment experiment = Cheetah(mixture, updates);
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  while (state.iteration < iterations) trainer.Step(state);
  return state;
}

double RelativeError(const Vector& a, const Vector& b) { return (a - b).norm() / b.norm(); }

TEST(JointTraining, IsReptileWithOneUpdate) {
  const MetaState reptile = Train(/*mixture=*/false, /*updates=*/1, /*iterations=*/2);
  const MetaState joint = Train(/*mixture=*/true, 1, 2);
  EXPECT_LT(RelativeError(joint.theta, reptile.theta), 1e-12);
  EXPECT_LT(RelativeError(joint.context, reptile.context), 1e-12);
  EXPECT_EQ(joint.samples, reptile.samples);
  EXPECT_GT(RelativeError(joint.theta, Train(true, 1, 0).theta), 1e-4) << "nothing was learned";
}

TEST(JointTraining, IsNotReptileWithTwoUpdates) {
  EXPECT_GT(RelativeError(Train(true, 2, 1).theta, Train(false, 2, 1).theta), 1e-6);
}

// A mixture meets the episodes that its tasks meet alone: at equal theta the same mean return.
TEST(JointTraining, DrawsTheSameEpisodes) {
  const Experiment experiment = Cheetah(/*mixture=*/false, /*updates=*/1);
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  const Matrix tasks = loop->SampleTasks(1, Phase::kTrain, {.count = 3, .strata = 3});
  const Plan plan{.updates = 0, .rollouts = 4, .score_last = true};
  double mean = 0;
  for (Eigen::Index i = 0; i < 3; ++i) {
    mean += loop->Adapt(state, tasks.col(i), {.seed = 1, .task = i}, plan).facts(kScoreFact, 0) / 3;
  }
  const double mixed = loop->Adapt(state, tasks, {.seed = 1}, plan).facts(kScoreFact, 0);
  EXPECT_NEAR(mixed, mean, 1e-10);
}

}  // namespace
}  // namespace anole
