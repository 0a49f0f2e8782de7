// What every task family must keep, whoever adds it: these tests iterate the registry.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "envs/data_family.h"
#include "envs/mujoco.h"
#include "envs/task_family.h"

namespace anole {
namespace {

// An episode by hand: a family, its data and its streams.
class Stage {
 public:
  Stage(const TaskFamily& family, const Address& address)
      : family_(family),
        data_(MakeData(family.model())),
        memory_(Vector::Zero(family.spec().memory_dim)),
        reset_(address.Open(Purpose::kReset)),
        observe_(address.Open(Purpose::kObserve)),
        step_(address.Open(Purpose::kStep)),
        simulation_{family.model(), *data_, reset_, observe_, step_, memory_} {}

  void Reset(VectorIn task) {
    mj_resetData(&family_.model(), data_.get());
    family_.Reset(task, simulation_);
  }
  Vector Observe(VectorIn task) {
    Vector observation =
        Vector::Constant(family_.spec().observation_dim, std::numeric_limits<double>::quiet_NaN());
    family_.Observe(task, simulation_, observation);
    return observation;
  }
  Outcome Step(VectorIn task, VectorIn action) {
    terms = Vector::Constant(static_cast<Eigen::Index>(family_.spec().reward_terms.size()),
                             std::numeric_limits<double>::quiet_NaN());
    return family_.Step(task, action, simulation_, terms);
  }
  mjData& data() { return *data_; }

  Vector terms;  // of the last step

 private:
  const TaskFamily& family_;
  DataPtr data_;
  Vector memory_;
  Rng reset_, observe_, step_;
  Simulation simulation_;
};

class EveryFamily : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<TaskFamily> family_ = TaskFamilies::NewMaker(GetParam())->Make();
  Vector task_ = SampleTasks(*family_, 1, Phase::kTrain, {.count = 1}).col(0);
};

TEST_P(EveryFamily, RunsAnEpisodeOfFiniteNumbersWithoutWarnings) {
  const FamilySpec& spec = family_->spec();
  Stage stage(*family_, {.seed = 1});
  stage.Reset(task_);
  Rng actions = Address{.seed = 2}.Open(Purpose::kAction);
  std::int64_t steps = 0;
  for (bool ended = false; !ended && steps < spec.horizon; ++steps) {
    ASSERT_TRUE(stage.Observe(task_).allFinite()) << "at step " << steps;
    Vector action(spec.action_dim);
    for (double& a : action) a = 2 * actions.Normal();  // beyond the clip, too
    const Outcome outcome = stage.Step(task_, action);
    ASSERT_TRUE(stage.terms.allFinite()) << "at step " << steps;
    ASSERT_DOUBLE_EQ(outcome.reward, stage.terms.sum());
    ASSERT_TRUE(IsHealthy(family_->model(), stage.data()));
    ended = outcome.terminated;
  }
  ASSERT_TRUE(stage.Observe(task_).allFinite()) << "at the end";
  for (const mjWarningStat& warning : stage.data().warning) EXPECT_EQ(warning.number, 0);
  EXPECT_NEAR(stage.data().time, static_cast<double>(steps) * spec.control_dt, 1e-9);
}

TEST_P(EveryFamily, ObservesItsOwnMotion) {
  Stage stage(*family_, {.seed = 1});
  stage.Reset(task_);
  const Vector before = stage.Observe(task_);
  stage.Step(task_, Vector::Ones(family_->spec().action_dim));
  EXPECT_NE(before, stage.Observe(task_));
}

TEST_P(EveryFamily, ClipsActionsToOne) {
  const Vector ones = Vector::Ones(family_->spec().action_dim);
  Stage one(*family_, {.seed = 1}), seven(*family_, {.seed = 1});
  one.Reset(task_);
  seven.Reset(task_);
  EXPECT_EQ(one.Step(task_, ones).reward, seven.Step(task_, 7 * ones).reward);
  EXPECT_EQ(one.Observe(task_), seven.Observe(task_));
}

TEST_P(EveryFamily, NamesItsNumbers) {
  const FamilySpec& spec = family_->spec();
  EXPECT_EQ(task_.size(), static_cast<Eigen::Index>(spec.task_parameters.size()));
  EXPECT_GT(spec.observation_dim, 0);
  EXPECT_GT(spec.horizon, 0);
  EXPECT_GT(spec.control_dt, 0);
  EXPECT_LT(spec.diverged_reward, 0);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryFamily, testing::ValuesIn(TaskFamilies::names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(HalfCheetah, ResetsAsGymnasiumDoes) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  const Vector task = Vector::Ones(1);
  double velocity_square = 0;
  for (int i = 0; i < 200; ++i) {
    Stage stage(*family, {.seed = 1, .rollout = i});
    stage.Reset(task);
    for (int j = 0; j < 9; ++j) {
      EXPECT_LE(std::abs(stage.data().qpos[j]), 0.1);
      velocity_square += stage.data().qvel[j] * stage.data().qvel[j];
    }
  }
  EXPECT_NEAR(velocity_square / 1800, 0.01, 0.0017);  // deviation .1, 5 standard errors
}

TEST(HalfCheetah, ObservesAllButItsPlace) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  Stage stage(*family, {.seed = 1});
  const Vector task = Vector::Ones(1);
  stage.Reset(task);
  const Vector observation = stage.Observe(task);
  ASSERT_EQ(observation.size(), 17);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(observation[i], stage.data().qpos[i + 1]);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(observation[i + 8], stage.data().qvel[i]);
}

TEST(HalfCheetah, RewardsAreThoseOfThePapers) {
  const auto direction = TaskFamilies::NewMaker("cheetah-direction")->Make();
  const auto velocity = TaskFamilies::NewMaker("cheetah-velocity")->Make();
  Vector action(6);
  action << 0.5, -0.25, 3, -3, 0, 1;
  const double cost = 0.05 * (0.25 + 0.0625 + 1 + 1 + 1);  // of the clipped action
  for (const double goal : {1., -1.}) {
    const Vector task = Vector::Constant(1, goal);
    Stage stage(*direction, {.seed = 1});
    stage.Reset(task);
    const double x = stage.data().qpos[0];
    const Outcome outcome = stage.Step(task, action);
    const double v = (stage.data().qpos[0] - x) / 0.05;
    EXPECT_DOUBLE_EQ(outcome.reward, goal * v - cost);

    Stage same(*velocity, {.seed = 1});
    same.Reset(task);
    EXPECT_DOUBLE_EQ(same.Step(task, action).reward, -std::abs(v - goal) - cost);
  }
}

TEST(CheetahDirection, EnumeratesBothDirections) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  const Matrix tasks = SampleTasks(*family, 5, Phase::kTest, {.count = 6});
  EXPECT_EQ(tasks, (Matrix(1, 6) << 1, -1, 1, -1, 1, -1).finished());
}

TEST(PointNavigation, MovesByATenthOfTheActionAndRewardsNearness) {
  const auto family = TaskFamilies::NewMaker("point-navigation")->Make();
  const Vector target = Eigen::Vector2d(0.3, -0.4);
  Stage stage(*family, {.seed = 1});
  stage.Reset(target);
  EXPECT_EQ(stage.Observe(target), Vector(Eigen::Vector2d(0, 0)));
  const Outcome outcome = stage.Step(target, Eigen::Vector2d(0.5, -9));
  EXPECT_TRUE(stage.Observe(target).isApprox(Eigen::Vector2d(0.05, -0.1)));
  EXPECT_DOUBLE_EQ(outcome.reward, -std::hypot(0.25, -0.3));
}

TEST(LinearRegression, OwnsFixedDataSetsOnItsLines) {
  const auto family = DataFamilies::NewMaker("linear-regression")->Make();
  Rng rng = Address{}.Open(Purpose::kTask);
  const Vector first = family->Sample(rng, {.index = 0}),
               second = family->Sample(rng, {.index = 1});
  EXPECT_EQ(family->Sample(rng, {.index = 2}), first);
  const Batch batch = family->Draw(first, rng), again = family->Draw(first, rng);
  EXPECT_EQ(batch.targets, again.targets);
  EXPECT_NE(batch.inputs, family->Draw(second, rng).inputs);
  const Matrix noise = batch.targets.array() - first[0] - first[1] * batch.inputs.array();
  EXPECT_LT(noise.cwiseAbs().maxCoeff(), 0.5);
  EXPECT_GT(noise.cwiseAbs().maxCoeff(), 0.01);
}

}  // namespace
}  // namespace anole
