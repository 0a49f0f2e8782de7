// RL^2: a policy that remembers adapts by episodes.
#include <gtest/gtest.h>

#include <string>

#include "agents/control/control_facts.h"
#include "agents/control/control_loop.h"
#include "agents/control/trial.h"
#include "configs/user_error.h"
#include "meta/evaluation.h"
#include "meta/meta_gradient.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

const std::string kRemembering =
    "[task]\nfamily = 'bandit'\narms = 3\nhorizon = 4\n"
    "[policy]\ngru = 6\nhidden = [5]\nfeedback = true\n"
    "[inner]\nlearner = 'memory'\nupdates = 2\nrollouts = 3\nlearn_step_sizes = false\n";
const std::string kPromp = "[meta]\ngradient = 'promp'\noptimizer = 'adam'\nouter_steps = 2\n";

Experiment Remembering(const std::string& more = kPromp) {
  return Experiment(Settings::FromText(kRemembering + more, "test"));
}

std::string ErrorOf(const std::string& config) {
  try {
    const Experiment experiment(Settings::FromText(config, "test"));
    const auto loop = experiment.MakeLoop();
    TrainingPlan(*loop, *experiment.MakeGradient(), *experiment.MakeOptimizer());
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::string Replace(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

class MemoryTest : public testing::Test {
 protected:
  std::unique_ptr<ControlLoop> loop_ = Remembering().MakeControlLoop();
  Learnable state_ = loop_->Initial(3);
  Matrix task_ = loop_->SampleTasks(1, Phase::kTrain, {.count = 1});
  Address address_{.seed = 4};
};

// By hand: episode after episode with one memory.
TEST_F(MemoryTest, UpdatesAreEpisodesThatAreNotForgotten) {
  const Adaptation adaptation =
      loop_->Adapt(state_, task_, address_,
                   {.updates = 2, .rollouts = 3, .score_last = true, .trajectory = true});
  EXPECT_EQ(adaptation.params, state_.theta);
  EXPECT_EQ(adaptation.trajectory, state_.theta.replicate(1, 3));
  const ControlPolicy<float> policy = loop_->Policy(state_.theta, state_.context);
  ControlLoop::Trials trials = loop_->MakeTrials(3);
  std::vector<Episode> episodes = loop_->MakeEpisodes(3), fresh = episodes, last;
  for (std::int64_t k = 0; k < 3; ++k) {
    address_.inner_step = k;
    last = episodes;
    loop_->Sample(policy, task_, Exploration::kStochastic, address_, 0, episodes, trials);
    EXPECT_EQ(adaptation.facts(kScoreFact, k), MeanReturn(episodes));
    loop_->Sample(policy, task_, Exploration::kStochastic, address_, 0, fresh);
    EXPECT_EQ(fresh[0].actions == episodes[0].actions, k == 0);
  }
  // The first thing that the last episode sees of its past is how the one before ended.
  const Vector seen = episodes[1].observations.col(0).tail(5);
  EXPECT_EQ(seen.head(3), last[1].actions.col(3));
  EXPECT_EQ(seen[3], last[1].rewards[3]);
  EXPECT_EQ(seen[4], 1);
  EXPECT_EQ(episodes[1].observations(3 + 4, 1), 0);
}

TEST_F(MemoryTest, ScoresWithoutNoiseAndForgetsThat) {
  Plan plan{.updates = 2, .rollouts = 3, .score_last = true};
  const Adaptation plain = loop_->Adapt(state_, task_, address_, plan);
  plan.deterministic = true;
  const Adaptation scored = loop_->Adapt(state_, task_, address_, plan);
  EXPECT_EQ(plain.facts.row(kScoreFact), scored.facts.row(kScoreFact));
  EXPECT_TRUE(scored.facts.row(kDeterministicFact).allFinite());
}

// What the outer loop is told at theta is the gradient of what it is told elsewhere.
TEST_F(MemoryTest, GradientIsThatOfTheFrozenTrials) {
  const Adaptation adaptation = loop_->Adapt(
      state_, task_, address_,
      {.updates = 2, .rollouts = 3, .derivative = Derivative::kAtAnyTheta, .objective = {}});
  EXPECT_EQ(adaptation.samples, 3 * 3 * 4);
  ASSERT_NE(adaptation.frozen, nullptr);
  const Vector& theta = state_.theta;
  EXPECT_LT((adaptation.frozen->Gradient(theta) - adaptation.gradient).norm(),
            1e-5 * adaptation.gradient.norm());
  const Vector step = 1e-2 * adaptation.gradient.normalized();
  const double rise =
      adaptation.frozen->At(theta + step).objective - adaptation.frozen->At(theta - step).objective;
  EXPECT_NEAR(rise / 2e-2, adaptation.gradient.norm(), 0.02 * adaptation.gradient.norm());
  EXPECT_GT(adaptation.frozen->At(theta + step).kl, 0);
  EXPECT_GT(step.dot(adaptation.frozen->KlHessianProduct(step)), 0);
}

TEST(JoinTrial, EndsBeforeAnEpisodeThatDiverged) {
  const auto loop = Remembering().MakeControlLoop();
  std::vector<Episode> episodes = loop->MakeEpisodes(3);
  for (std::size_t i = 0; i < 3; ++i) {
    episodes[i].length = 4 - static_cast<std::int64_t>(i);
    episodes[i].rewards.setConstant(static_cast<double>(i));
    episodes[i].undiscounted_return = static_cast<double>(i);
  }
  const Episode all = JoinTrial(episodes);
  EXPECT_EQ(all.length, 4 + 3 + 2);
  EXPECT_EQ(all.rewards, (Vector(9) << 0, 0, 0, 0, 1, 1, 1, 2, 2).finished());
  EXPECT_EQ(all.undiscounted_return, 3);
  episodes[1].end = End::kDiverged;
  EXPECT_EQ(JoinTrial(episodes).length, 4);
  episodes[0].end = End::kDiverged;
  EXPECT_EQ(JoinTrial(episodes).end, End::kDiverged);
}

TEST(Memory, SaysWhatItCannot) {
  EXPECT_EQ(ErrorOf(kRemembering + kPromp), "");
  EXPECT_EQ(ErrorOf(kRemembering + "[meta]\ngradient = 'fomaml'\n"), "");
  EXPECT_EQ(ErrorOf(kRemembering + "[meta]\ngradient = 'maml'\noptimizer = 'trpo'\n"), "");
  EXPECT_NE(ErrorOf(kRemembering).find("choose \"promp\""), std::string::npos);
  EXPECT_NE(ErrorOf(Replace(kRemembering, "gru = 6", "gru = 0") + kPromp).find("policy.gru"),
            std::string::npos);
  EXPECT_NE(
      ErrorOf(Replace(kRemembering, "updates = 2", "updates = 2\nbaseline = 'critic'") + kPromp)
          .find("inner.baseline"),
      std::string::npos);
  EXPECT_NE(
      ErrorOf(Replace(kRemembering, "'memory'", "'vpg'") + kPromp).find("set policy.gru to 0"),
      std::string::npos);
}

// Each of the episodes that score is of a policy that has met its own alone.
TEST(Memory, AdaptsByAnEpisodeAtATime) {
  const auto loop = Remembering().MakeControlLoop();
  const Evaluation evaluation =
      Evaluate(*loop, loop->Initial(1), Phase::kTest, {.tasks = 3, .updates = 2, .rollouts = 5});
  EXPECT_EQ(evaluation.samples, Vector(Eigen::Vector3d(0, 4, 8)));
}

// A critic sees what the policy sees.
TEST(Memory, FeedbackGoesWithACritic) {
  const Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'bandit'\nhorizon = 4\n[policy]\nhidden = [5]\nfeedback = true\n"
      "[inner]\nbaseline = 'critic'\nrollouts = 3\n",
      "test"));
  const auto loop = experiment.MakeControlLoop();
  const Learnable state = loop->Initial(3);
  const Adaptation adaptation =
      loop->Adapt(state, loop->SampleTasks(1, Phase::kTrain, {.count = 1}), {.seed = 4},
                  {.updates = 1, .rollouts = 3});
  EXPECT_TRUE(adaptation.params.allFinite());
}

// As the policy of others it is adapted by updates, from episodes that it goes through one by one.
TEST(Memory, RecurrentPoliciesAreUpdatedToo) {
  for (const char* const learner : {"vpg", "ppo", "npg", "trpo"}) {
    const Experiment experiment(Settings::FromText(
        Replace(kRemembering, "'memory'", "'" + std::string(learner) + "'"), "test"));
    const auto loop = experiment.MakeControlLoop();
    const Learnable state = loop->Initial(3);
    const Adaptation adaptation =
        loop->Adapt(state, loop->SampleTasks(1, Phase::kTrain, {.count = 1}), {.seed = 4},
                    {.updates = 2, .rollouts = 6, .score_last = true});
    EXPECT_TRUE(adaptation.params.allFinite()) << learner;
    EXPECT_NE(adaptation.params, state.theta) << learner;
  }
}

}  // namespace
}  // namespace anole
