// What holds for an episode of every family, whoever plays it.
#include "envs/stage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "envs/family_decorator.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class EveryStage : public testing::TestWithParam<std::string> {
 protected:
  Vector Action(std::int64_t t) const {
    const FamilySpec& spec = family_->spec();
    return spec.action_range * Vector::LinSpaced(spec.action_dim, std::sin(t), std::cos(t));
  }
  // What an episode of some steps tells: observations, reward terms and rewards.
  Vector Play(Stage& stage, std::int64_t task, const Address& address) const {
    stage.Reset(tasks_.col(task), address);
    std::vector<double> told;
    for (std::int64_t t = 0; t < 10; ++t) {
      const Vector& observation = stage.Observe();
      told.insert(told.end(), observation.begin(), observation.end());
      told.push_back(stage.Step(Action(t)).reward);
      told.insert(told.end(), stage.reward_terms().begin(), stage.reward_terms().end());
    }
    return Eigen::Map<const Vector>(told.data(), static_cast<Eigen::Index>(told.size()));
  }

  std::unique_ptr<TaskFamily> family_ = MakeFamily(GetParam());
  Matrix tasks_ = SampleTasks(*family_, 1, Phase::kTrain, {.count = 2});
};

TEST_P(EveryStage, BeginsAnewAtAnyAddress) {
  Stage used(*family_), fresh(*family_);
  for (int i = 0; i < 3; ++i) Play(used, i % 2, {.seed = 2, .rollout = i});
  EXPECT_EQ(Play(used, 1, {.seed = 1, .rollout = 7}), Play(fresh, 1, {.seed = 1, .rollout = 7}));
}

// As a load that somebody puts on a robot while it walks.
TEST_P(EveryStage, AChangedModelLastsUntilTheNextEpisodeOfThisStageAlone) {
  Stage changed(*family_), other(*family_);
  const Vector plain = Play(other, 1, {.seed = 1});
  EXPECT_EQ(Play(changed, 1, {.seed = 1}), plain);
  const auto heavier = [](mjModel& model) {
    for (int body = 1; body < model.nbody; ++body) model.body_mass[body] += 1;
  };
  changed.ChangeModel(heavier);
  changed.ChangeModel(heavier);
  const mjtNum mass = mj_getTotalmass(&changed.model()), before = mj_getTotalmass(&other.model());
  EXPECT_NEAR(mass, before + 2 * static_cast<double>(changed.model().nbody - 1), 1e-9);
  EXPECT_NEAR(changed.model().body_subtreemass[0], mass, 1e-9);  // what derives from it
  changed.Observe();
  EXPECT_FALSE(changed.Step(Action(0)).diverged);
  EXPECT_EQ(Play(changed, 1, {.seed = 1}), plain);
  EXPECT_EQ(mj_getTotalmass(&changed.model()), before);
  EXPECT_EQ(Play(other, 1, {.seed = 1}), plain);
}

TEST_P(EveryStage, WritesWhereItIsTold) {
  const FamilySpec& spec = family_->spec();
  Stage kept(*family_), told(*family_);
  kept.Reset(tasks_.col(0), {.seed = 1});
  told.Reset(tasks_.col(0), {.seed = 1});
  Matrix observations = Matrix::Constant(spec.observation_dim, 2, kNan);
  Matrix terms = Matrix::Constant(kept.reward_terms().size(), 2, kNan);
  for (int t = 0; t < 2; ++t) {
    told.Observe(observations.col(t));
    EXPECT_EQ(kept.Observe(), observations.col(t));
    const Outcome outcome = told.Step(Action(t), terms.col(t));
    EXPECT_EQ(kept.Step(Action(t)).reward, outcome.reward);
    EXPECT_EQ(kept.reward_terms(), terms.col(t));
    EXPECT_FALSE(outcome.diverged);
  }
}

// All that follows from the state is of now, and looking at it changes nothing.
TEST_P(EveryStage, ShowsTheStateWithItsPositions) {
  Stage looked_at(*family_), left_alone(*family_);
  const DataPtr shown = MakeData(family_->model());
  looked_at.Reset(tasks_.col(0), {.seed = 1});
  left_alone.Reset(tasks_.col(0), {.seed = 1});
  const mjModel& model = looked_at.model();
  for (int t = 0; t < 5; ++t) {
    looked_at.Show(*shown);
    const DataPtr now(mj_copyData(nullptr, &model, shown.get()));
    mj_kinematics(&model, now.get());
    for (int i = 0; i < model.nq; ++i) EXPECT_EQ(shown->qpos[i], looked_at.data().qpos[i]);
    for (int i = 0; i < 3 * model.nbody; ++i) EXPECT_EQ(shown->xpos[i], now->xpos[i]);
    EXPECT_EQ(looked_at.Step(Action(t)).reward, left_alone.Step(Action(t)).reward);
  }
}

// Does to each step what it is told.
class Broken : public FamilyDecorator {
 public:
  Broken(std::unique_ptr<TaskFamily> family, double position, double reward)
      : FamilyDecorator(std::move(family)), position_(position), reward_(reward) {}
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut terms) const override {
    Outcome outcome = FamilyDecorator::Step(task, action, simulation, terms);
    simulation.data.qpos[0] += position_;
    outcome.reward += reward_;
    return outcome;
  }

 private:
  double position_, reward_;
};

TEST_P(EveryStage, FindsPhysicsThatBlowsUp) {
  const auto diverges = [&](double position, double reward) {
    const Broken family(MakeFamily(GetParam()), position, reward);
    Stage stage(family);
    stage.Reset(tasks_.col(0), {.seed = 1});
    return stage.Step(Action(0)).diverged;
  };
  EXPECT_FALSE(diverges(0, 0));
  EXPECT_TRUE(diverges(kNan, 0));
  EXPECT_TRUE(diverges(1e12, 0));
  EXPECT_TRUE(diverges(0, kNan));
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryStage, testing::ValuesIn(EveryFamilyName()),
                         [](const auto& test) { return TestName(test.param); });

}  // namespace
}  // namespace anole
