#include "meta/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <set>

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

TEST(WorstDecile, IsTheMeanOfTheWorstTenth) {
  Vector values = Vector::LinSpaced(20, 1, 20);
  EXPECT_DOUBLE_EQ(WorstDecile(values, /*higher_is_better=*/true), 1.5);
  EXPECT_DOUBLE_EQ(WorstDecile(values, /*higher_is_better=*/false), 19.5);
  EXPECT_DOUBLE_EQ(WorstDecile(values.head(3), true), 1) << "at least one";
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

TEST(Evaluate, ParametersThatUpdatesHaveBrokenHaveNoScore) {
  Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'linear-regression'\n[inner]\nstep_size = 1e6\n", "test"));
  const auto loop = experiment.MakeLoop();
  const EvaluationOptions options{.tasks = 2, .updates = 20};
  const Evaluation evaluation = Evaluate(*loop, loop->Initial(1), Phase::kTest, options);
  EXPECT_EQ(evaluation.broken_tasks(), 2);
  EXPECT_TRUE(evaluation.scores.topRows(3).allFinite());
  EXPECT_TRUE(evaluation.scores.bottomRows(1).array().isNaN().all());
  EXPECT_TRUE(evaluation.samples.allFinite());
  EXPECT_TRUE(std::isnan(WorstDecile(evaluation.scores.bottomRows(1).transpose(), true)));
}

// A policy that computes with NaN would score like one whose episodes all diverge: -100 +- 0.
TEST(Evaluate, APolicyThatIsNotFiniteHasNoScore) {
  const auto loop = SmallCheetah().MakeLoop();
  MetaState state = loop->Initial(1);
  const Matrix task = loop->SampleTasks(1, Phase::kTest, {.count = 1});
  const Plan plan{.updates = 1, .rollouts = 2, .score_last = true};
  EXPECT_TRUE(std::isfinite(loop->Adapt(state, task, {}, plan).facts(kScoreFact, 1)));
  // Multipliers of both layers in all five updates.
  state.context.tail(10).setConstant(std::numeric_limits<double>::infinity());
  const Adaptation broken = loop->Adapt(state, task, {}, plan);
  EXPECT_TRUE(std::isfinite(broken.facts(kScoreFact, 0)));
  EXPECT_TRUE(broken.facts.col(1).array().isNaN().all());
}

TEST(Evaluate, TellsEachNumberOfTasksThatAreDoneOnce) {
  Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const EvaluationOptions options{.tasks = 5, .updates = 1, .rollouts = 1};
  std::mutex mutex;
  std::set<std::int64_t> told;
  const Evaluation aloud =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, options, [&](std::int64_t tasks_done) {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(told.insert(tasks_done).second) << tasks_done;
      });
  EXPECT_EQ(told, (std::set<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(aloud.scores, Evaluate(*loop, loop->Initial(1), Phase::kTest, options).scores);
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

TEST(Evaluate, ScoresWithoutExplorationOnlyWhereAskedFor) {
  Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  EvaluationOptions options{.tasks = 2, .updates = 1, .rollouts = 2};
  const Evaluation both = Evaluate(*loop, loop->Initial(1), Phase::kTest, options);
  options.deterministic = false;
  const Evaluation one = Evaluate(*loop, loop->Initial(1), Phase::kTest, options);
  EXPECT_EQ(one.scores, both.scores);
  EXPECT_TRUE(one.deterministic_scores.array().isNaN().all());
}

// A still point succeeds where the target is within a tenth of a metre of the origin.
TEST(Evaluate, ReportsSuccessWhereAFamilyDefinesIt) {
  Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'point-navigation'\nhorizon = 2\nfixed = [0.01, 0, 0.4, 0.4]\n"
      "[policy]\nlog_std = -9\nhidden = []\n",
      "test"));
  const auto loop = experiment.MakeLoop();
  MetaState state = loop->Initial(1);
  state.theta.setZero();
  const Evaluation evaluation =
      Evaluate(*loop, state, Phase::kTest, {.tasks = 2, .updates = 0, .rollouts = 2});
  EXPECT_EQ(evaluation.successes, (Matrix(1, 2) << 1, 0).finished());
  Experiment cheetah = SmallCheetah();
  const auto without = cheetah.MakeLoop();
  EXPECT_TRUE(Evaluate(*without, without->Initial(1), Phase::kTest,
                       {.tasks = 1, .updates = 0, .rollouts = 1})
                  .successes.array()
                  .isNaN()
                  .all());
}

// K-shot: supervised tasks see the same few examples in all updates, so the loss on these falls to
// what a perfect fit leaves, and no new ones are counted as seen.
TEST(Evaluate, OfSupervisedTasksKeepsToOneBatch) {
  Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'sine'\n[model]\nhidden = [8]\n[inner]\nupdates = 2\n", "test"));
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  const Matrix task = loop->SampleTasks(0, Phase::kTest, {.count = 1});
  const Plan fresh{.updates = 2, .score_last = true};
  Plan fixed = fresh;
  fixed.one_batch = true;
  const Vector first = loop->Adapt(state, task, {}, {.updates = 1, .score_last = true}).params;
  EXPECT_NE(loop->Adapt(state, task, {}, fresh).params, loop->Adapt(state, task, {}, fixed).params);
  // One update of the fixed plan from `first` on, on the batch of inner step 0, is the second one.
  const Vector second = loop->Adapt({.theta = first}, task, {}, {.updates = 1}).params;
  EXPECT_EQ(loop->Adapt(state, task, {}, fixed).params, second);
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
