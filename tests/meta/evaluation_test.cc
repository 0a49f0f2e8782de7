#include "meta/evaluation.h"

#include <gtest/gtest.h>

#include "tools/experiment.h"

namespace anole {
namespace {

TEST(Summarize, ByHand) {
  const Score score = Summarize(Eigen::Vector4d(1, 2, 3, 6));
  EXPECT_DOUBLE_EQ(score.mean, 3);
  EXPECT_DOUBLE_EQ(score.spread, std::sqrt(14. / 3));
  EXPECT_NEAR(score.ci95, 3.18244630528 * score.spread / 2, 1e-9);  // Student's t, 3 degrees
  EXPECT_EQ(score.min, 1);
  EXPECT_EQ(score.max, 6);
  EXPECT_EQ(Summarize(Vector::Constant(1, 5)).ci95, 0);
}

Experiment SmallCheetah() {
  return Experiment(Settings::FromText(
      "[task]\nfamily = 'cheetah-velocity'\nhorizon = 20\n[policy]\nhidden = [8]\n", "test"));
}

TEST(Evaluate, CountsTheStepsThatUpdatesConsumed) {
  Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, {.tasks = 4, .updates = 2, .rollouts = 3});
  EXPECT_EQ(evaluation.samples, Vector(Eigen::Vector3d(0, 60, 120)));
  EXPECT_EQ(evaluation.scores.rows(), 3);
  EXPECT_TRUE(evaluation.scores.allFinite());
  EXPECT_TRUE(evaluation.deterministic_scores.allFinite());
  EXPECT_NE(evaluation.scores, evaluation.deterministic_scores);
}

TEST(Evaluate, TasksBelongToThePhaseAndTheEvaluationSeedAlone) {
  Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const EvaluationOptions options{.tasks = 5, .updates = 0, .rollouts = 1};
  const Evaluation test = Evaluate(*loop, loop->Initial(1), Phase::kTest, options);
  EXPECT_EQ(test.tasks, Evaluate(*loop, loop->Initial(2), Phase::kTest, options).tasks);
  EXPECT_NE(test.tasks, Evaluate(*loop, loop->Initial(1), Phase::kValidation, options).tasks);
  EXPECT_NE(test.tasks, loop->SampleTasks(0, Phase::kTrain, {.count = 5, .strata = 5}));
}

// Scoring draws the same batches that updates are made from, so asking for more updates, or for
// deterministic scores, changes nothing that came before.
TEST(Evaluate, MoreUpdatesDoNotChangeTheFirstOnes) {
  Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  EvaluationOptions options{.tasks = 2, .updates = 1, .rollouts = 3};
  const Evaluation one = Evaluate(*loop, state, Phase::kTest, options);
  options.updates = 3;
  const Evaluation three = Evaluate(*loop, state, Phase::kTest, options);
  EXPECT_EQ(one.scores, three.scores.topRows(2));
  EXPECT_EQ(one.deterministic_scores, three.deterministic_scores.topRows(2));
}

}  // namespace
}  // namespace anole
