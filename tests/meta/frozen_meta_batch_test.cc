// Outer steps that ask frozen adaptations again: ProMP and MAML-TRPO on small batches of episodes.
#include "meta/frozen_meta_batch.h"

#include <gtest/gtest.h>

#include <limits>

#include "configs/user_error.h"
#include "meta/adapt_on_ranks.h"
#include "meta/trainer.h"
#include "tests/agents/finite_differences.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

constexpr double kKl = 0.02;
constexpr std::int64_t kTasks = 3;

// Two updates of 5 episodes on each of 3 tasks.
class FrozenMetaBatchTest : public testing::Test {
 protected:
  explicit FrozenMetaBatchTest(const std::string& meta =
                                   "gradient = 'maml'\noptimizer = 'trpo'\n"
                                   "kl = 0.02\n")
      : experiment_(Settings::FromText("[meta]\nbatch_size = 3\n" + meta + R"(
[task]
family = "cheetah-velocity"
horizon = 40
[policy]
hidden = [8]
[inner]
updates = 2
rollouts = 5
)",
                                       "test")),
        loop_(experiment_.MakeLoop()),
        gradient_(experiment_.MakeGradient()),
        optimizer_(experiment_.MakeOptimizer()),
        state_(loop_->Initial(1)) {}

  // What Trainer::Step makes in the first iteration.
  std::vector<Adaptation> Adapt(std::uint64_t seed) const {
    const Matrix tasks =
        loop_->SampleTasks(seed, Phase::kTrain, {.count = kTasks, .strata = kTasks});
    const Plan plan = TrainingPlan(*loop_, *gradient_, *optimizer_);
    return AdaptOnRanks(Alone(), kTasks, [&](std::int64_t i) {
      return loop_->Adapt(state_, tasks.col(i), {.seed = seed, .task = i}, plan);
    });
  }

  MetaState Step(const FrozenMetaBatch& batch, const Vector& direction) const {
    MetaState state = state_;
    optimizer_->Step({direction, 0, batch}, state);
    return state;
  }

  Experiment experiment_;
  std::unique_ptr<InnerLoop> loop_;
  std::unique_ptr<MetaGradient> gradient_;
  std::unique_ptr<OuterOptimizer> optimizer_;
  MetaState state_;
};

class PrompTest : public FrozenMetaBatchTest {
 protected:
  PrompTest()
      : FrozenMetaBatchTest(
            "gradient = 'promp'\nouter_steps = 3\nclip = 0.1\n"
            "optimizer = 'sgd'\nstep_size = 0.02\n") {}
};

TEST_F(FrozenMetaBatchTest, WhereItWasMadeItsGradientIsThatOfMaml) {
  const std::vector<Adaptation> adaptations = Adapt(1);
  const FrozenMetaBatch batch(adaptations, Alone());
  EXPECT_LT(
      RelativeError(batch.Gradient(state_.theta), gradient_->Direction(adaptations, state_.theta)),
      1e-4);
  EXPECT_NEAR(batch.At(state_.theta).kl, 0, 1e-9);
}

TEST_F(PrompTest, WhereItWasMadeItsGradientIsThatOfProMp) {
  const std::vector<Adaptation> adaptations = Adapt(1);
  const FrozenMetaBatch batch(adaptations, Alone());
  EXPECT_LT(
      RelativeError(batch.Gradient(state_.theta), gradient_->Direction(adaptations, state_.theta)),
      1e-4);
}

TEST_F(FrozenMetaBatchTest, TrpoStepsUpwardsWithinItsKl) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    const std::vector<Adaptation> adaptations = Adapt(seed);
    const FrozenMetaBatch batch(adaptations, Alone());
    const MetaState after = Step(batch, gradient_->Direction(adaptations, state_.theta));
    const FrozenValue value = batch.At(after.theta);
    EXPECT_GT(value.objective, batch.At(state_.theta).objective);
    EXPECT_LE(value.kl, kKl);
    EXPECT_GT(value.kl, 0.2 * kKl) << "much shorter than it might be";
    EXPECT_EQ(after.optimizer.size(), 0);
  }
}

TEST_F(FrozenMetaBatchTest, TrpoStaysWhereNoStepIsGood) {
  const std::vector<Adaptation> adaptations = Adapt(1);
  const FrozenMetaBatch batch(adaptations, Alone());
  const Vector direction = gradient_->Direction(adaptations, state_.theta);
  for (const double factor : {-1., 0., std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(Step(batch, factor * direction).theta, state_.theta) << factor;
  }
}

TEST_F(PrompTest, StepsAlongTheGradientTakenAnew) {
  const std::vector<Adaptation> adaptations = Adapt(1);
  const FrozenMetaBatch batch(adaptations, Alone());
  Vector theta = state_.theta + 0.02 * gradient_->Direction(adaptations, state_.theta);
  theta += 0.02 * batch.Gradient(theta);
  theta += 0.02 * batch.Gradient(theta);
  MetaState state = state_;
  const Trainer trainer(experiment_.trainer, 1, *loop_, *gradient_, *optimizer_);
  const IterationFacts facts = trainer.Step(state);
  EXPECT_EQ(state.theta, theta);
  EXPECT_EQ(facts.step_norm, (theta - state_.theta).norm());
  EXPECT_EQ(facts.kl, batch.At(theta).kl);
  EXPECT_GT(batch.At(theta).objective, batch.At(state_.theta).objective);
  EXPECT_EQ(state.direction_norm, gradient_->Direction(adaptations, state_.theta).norm());
  for (const Adaptation& adaptation : facts.batch) EXPECT_EQ(adaptation.frozen, nullptr);
}

std::string RefusalOf(const std::string& options) {
  try {
    const Experiment experiment(Settings::FromText(options, "test"));
    TrainingPlan(*experiment.MakeLoop(), *experiment.MakeGradient(), *experiment.MakeOptimizer());
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

TEST(TrainingPlan, RefusesWhatCannotBeAskedAgain) {
  const std::string rolls = "task.family = 'point-navigation'\n", data = "task.family = 'sine'\n",
                    trpo = "meta.optimizer = 'trpo'\n", maml = "meta.gradient = 'maml'\n",
                    promp = "meta.gradient = 'promp'\n";
  EXPECT_EQ(RefusalOf(rolls + trpo + maml), "");
  EXPECT_EQ(RefusalOf(rolls + promp), "");
  EXPECT_EQ(RefusalOf(rolls + trpo + promp + "meta.outer_steps = 1\n"), "");
  EXPECT_NE(RefusalOf(rolls + trpo).find("choose meta.gradient = \"maml\""), std::string::npos);
  EXPECT_NE(RefusalOf(rolls + trpo + promp).find("meta.outer_steps"), std::string::npos);
  EXPECT_NE(RefusalOf(data + trpo + maml).find("no policy"), std::string::npos);
  EXPECT_NE(RefusalOf(data + promp).find("no policy"), std::string::npos);
  EXPECT_NE(RefusalOf(rolls + trpo + maml + "meta.step_size = 1\n").find("meta.step_size"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
