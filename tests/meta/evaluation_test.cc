#include "meta/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <string>

#include "meta/task_set.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

// Of so many tasks, adapted to equally often: `scores` after no update.
Evaluation Made(std::int64_t tasks, const Vector& scores) {
  Evaluation evaluation;
  evaluation.tasks = Vector::LinSpaced(tasks, 1, static_cast<double>(tasks)).transpose();
  evaluation.adaptations = scores.size() / tasks;
  evaluation.scores = scores.transpose();
  return evaluation;
}

Score Summarized(const Evaluation& evaluation) {
  return Summarize(evaluation, evaluation.scores.row(0), /*higher_is_better=*/true);
}

TEST(Summarize, ByHand) {
  const Score score = Summarized(Made(4, Eigen::Vector4d(1, 2, 3, 6)));
  EXPECT_DOUBLE_EQ(score.mean, 3);
  EXPECT_DOUBLE_EQ(score.spread, std::sqrt(14. / 3));
  EXPECT_NEAR(score.ci95, 3.18244630528 * score.spread / 2, 1e-9);  // Student's t, 3 degrees
  EXPECT_EQ(score.min, 1);
  EXPECT_EQ(score.max, 6);
  EXPECT_EQ(score.worst, 1);
}

TEST(Summarize, OneTaskHasNoIntervalAndNoSpread) {
  const Score score = Summarized(Made(1, Vector::Constant(1, 5)));
  EXPECT_TRUE(std::isnan(score.ci95));
  EXPECT_TRUE(std::isnan(score.spread));
  EXPECT_TRUE(std::isnan(score.worst));
}

TEST(Summarize, TasksThatAreTrainedOnAreNoSampleOfOthers) {
  Evaluation evaluation = Made(2, Eigen::Vector2d(1, 3));
  EXPECT_EQ(IntervalKind(evaluation), IntervalOf::kTasks);
  evaluation.trained_on = 2;
  EXPECT_EQ(IntervalKind(evaluation), IntervalOf::kNothing);
  EXPECT_TRUE(std::isnan(Summarized(evaluation).ci95));
}

// Two tasks, three adaptations each: the means are 2 and 20; the variances of the means are 1/3 and
// 4/3, their sum over n^2 = 4, and Welch's degrees of freedom
// (5/12)^2 / ((1/12)^2 / 2 + (1/3)^2 / 2).
TEST(Summarize, OfSeveralAdaptationsTheIntervalIsOverThem) {
  Evaluation evaluation = Made(2, (Vector(6) << 1, 18, 2, 20, 3, 22).finished());
  evaluation.trained_on = 2;
  EXPECT_EQ(IntervalKind(evaluation), IntervalOf::kAdaptations);
  const Score score = Summarized(evaluation);
  EXPECT_DOUBLE_EQ(score.mean, 11);
  EXPECT_DOUBLE_EQ(score.spread, std::sqrt(2 * 81)) << "between two tasks";
  EXPECT_EQ(score.worst, 2) << "a task, not an adaptation";
  EXPECT_EQ(score.max, 20);
  const double degrees = 25. / 144 / (1. / 288 + 1. / 18);
  EXPECT_NEAR(degrees, 2.941, 1e-3);
  EXPECT_NEAR(score.ci95, 3.21876 * std::sqrt(5. / 12), 1e-4);  // t at 2.941 degrees
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
  const Experiment experiment = SmallCheetah();
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
  const Experiment experiment(Settings::FromText(
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
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const EvaluationOptions options{.tasks = 5, .updates = 1, .rollouts = 1};
  std::mutex mutex;
  std::set<std::int64_t> told;
  const Evaluation aloud =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, options, [&](std::int64_t tasks_done) {
        const std::scoped_lock lock(mutex);
        EXPECT_TRUE(told.insert(tasks_done).second) << tasks_done;
      });
  EXPECT_EQ(told, (std::set<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(aloud.scores, Evaluate(*loop, loop->Initial(1), Phase::kTest, options).scores);
}

TEST(Evaluate, TasksBelongToThePhaseAndTheEvaluationSeedAlone) {
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const EvaluationOptions options{.tasks = 5, .updates = 0, .rollouts = 1};
  const Evaluation test = Evaluate(*loop, loop->Initial(1), Phase::kTest, options);
  EXPECT_EQ(test.tasks, Evaluate(*loop, loop->Initial(2), Phase::kTest, options).tasks);
  EXPECT_NE(test.tasks, Evaluate(*loop, loop->Initial(1), Phase::kValidation, options).tasks);
  EXPECT_NE(test.tasks, loop->SampleTasks(0, Phase::kTrain, {.count = 5, .strata = 5}));
}

TEST(Evaluate, ScoresWithoutExplorationOnlyWhereAskedFor) {
  const Experiment experiment = SmallCheetah();
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
  const Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'point-navigation'\nhorizon = 2\nfixed = [0.01, 0, 0.4, 0.4]\n"
      "[policy]\nlog_std = -9\nhidden = []\n",
      "test"));
  const auto loop = experiment.MakeLoop();
  MetaState state = loop->Initial(1);
  state.theta.setZero();
  const Evaluation evaluation =
      Evaluate(*loop, state, Phase::kTest, {.tasks = 2, .updates = 0, .rollouts = 2});
  EXPECT_EQ(evaluation.successes, (Matrix(1, 2) << 1, 0).finished());
  const Experiment cheetah = SmallCheetah();
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
  const Experiment experiment(Settings::FromText(
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
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  EvaluationOptions options{.tasks = 2, .updates = 1, .rollouts = 3};
  const Evaluation one = Evaluate(*loop, state, Phase::kTest, options);
  options.updates = 3;
  const Evaluation three = Evaluate(*loop, state, Phase::kTest, options);
  EXPECT_EQ(one.scores, three.scores.topRows(2));
  EXPECT_EQ(one.deterministic_scores, three.deterministic_scores.topRows(2));
}

constexpr const char* kDirection =
    "[task]\nfamily = 'cheetah-direction'\nhorizon = 5\n[policy]\nhidden = [4]\n";

TEST(Evaluate, AdaptsToEachOfAFewTasksEquallyOften) {
  const Experiment experiment(Settings::FromText(kDirection, "test"));
  const auto loop = experiment.MakeLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, {.tasks = 7, .updates = 1, .rollouts = 2});
  EXPECT_EQ(evaluation.tasks, (Matrix(1, 2) << 1, -1).finished());
  EXPECT_EQ(evaluation.adaptations, 4) << "7 were asked for";
  EXPECT_EQ(evaluation.trained_on, 2);
  EXPECT_EQ(evaluation.scores.cols(), 8);
  EXPECT_NE(evaluation.scores(0, 0), evaluation.scores(0, 2)) << "episodes of their own";
  // Which are those that single adaptations had.
  const Adaptation third = loop->Adapt(
      loop->Initial(1), evaluation.tasks.col(0), {.phase = Phase::kTest, .task = 2},
      {.updates = 1, .rollouts = 2, .score_last = true, .deterministic = true, .one_batch = true});
  EXPECT_EQ(evaluation.scores.col(2), Vector(third.facts.row(kScoreFact)));
}

TEST(Evaluate, OneAdaptationToEachOfATasksListIsNotRepeated) {
  const Experiment experiment(Settings::FromText(kDirection, "test"));
  const auto loop = experiment.MakeLoop();
  for (const std::int64_t tasks : {1, 2}) {
    const Evaluation evaluation = Evaluate(*loop, loop->Initial(1), Phase::kTest,
                                           {.tasks = tasks, .updates = 0, .rollouts = 1});
    EXPECT_EQ(evaluation.tasks.cols(), tasks);
    EXPECT_EQ(evaluation.adaptations, 1);
  }
}

// Its tasks own their data, so that adapting again tells nothing.
TEST(Evaluate, RepeatsThatAreAllAlikeCountOnce) {
  const Experiment experiment(Settings::FromText("[task]\nfamily = 'linear-regression'\n", "test"));
  const auto loop = experiment.MakeLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, {.tasks = 20, .updates = 2});
  EXPECT_EQ(evaluation.tasks.cols(), 2);
  EXPECT_EQ(evaluation.adaptations, 1);
  EXPECT_EQ(evaluation.trained_on, 2);
  EXPECT_EQ(IntervalKind(evaluation), IntervalOf::kNothing);
}

TEST(Evaluate, TasksOfARangeAreHeldOut) {
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, {.tasks = 5, .updates = 0, .rollouts = 1});
  EXPECT_EQ(evaluation.tasks.cols(), 5);
  EXPECT_EQ(evaluation.trained_on, 0);
  EXPECT_EQ(IntervalKind(evaluation), IntervalOf::kTasks);
}

TEST(Evaluate, AGoalIsAdaptedToInsteadOfThePhasesTasks) {
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest,
               {.tasks = 3, .updates = 0, .rollouts = 1, .goals = Vector::Constant(1, 1.5)});
  EXPECT_EQ(evaluation.tasks, (Matrix(1, 1) << 1.5).finished());
  EXPECT_EQ(evaluation.adaptations, 3);
}

TEST(ListedTasks, AreThoseThatEverySeedHas) {
  const auto listed = [](const std::string& text) {
    const Experiment experiment(Settings::FromText(text, "test"));
    return ListedTasks(*experiment.MakeLoop(), Phase::kTest);
  };
  EXPECT_EQ(listed(kDirection), (Matrix(1, 2) << 1, -1).finished());
  EXPECT_EQ(listed("[task]\nfamily = 'cheetah-velocity'\n").cols(), 0);
  EXPECT_EQ(listed("[task]\nfamily = 'cheetah-velocity'\nrange = [2, 2]\n"),
            (Matrix(1, 1) << 2).finished());
  std::string fixed = "[task]\nfamily = 'cheetah-velocity'\nfixed = [0.5";
  for (int i = 1; i < 40; ++i) fixed += ", " + std::to_string(i);
  EXPECT_EQ(listed(fixed + "]\n").cols(), 40);
  EXPECT_EQ(listed("[task]\nfamily = 'sine'\n").cols(), 0);
}

TEST(CountTrainedOn, KnowsTheTasksOfOtherOptions) {
  const Experiment range = SmallCheetah();
  const Experiment fixed(Settings::FromText(
      "[task]\nfamily = 'cheetah-velocity'\nfixed = [1, 2]\n[policy]\nhidden = [8]\n", "test"));
  const Matrix tasks = (Matrix(1, 3) << 2, 3, 1).finished();
  EXPECT_EQ(CountTrainedOn(*fixed.MakeLoop(), tasks), 2);
  EXPECT_EQ(CountTrainedOn(*range.MakeLoop(), tasks), 0);
}

}  // namespace
}  // namespace anole
