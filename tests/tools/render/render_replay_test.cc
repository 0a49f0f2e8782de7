// What is filmed is what was scored, for every task family.
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/control/rollout.h"
#include "tests/envs/every_family.h"
#include "tests/envs/robot_of_terms.h"
#include "tools/render/replay.h"

namespace anole::render {
namespace {

// "4 terms" is a robot with so many.
std::unique_ptr<TaskFamily> MakeReplayed(const std::string& name) {
  return name.ends_with(" terms") ? RobotOfTerms(std::stoi(name)) : MakeFamily(name);
}

std::vector<std::string> AllReplayed() {
  std::vector<std::string> names = EveryFamilyName();
  for (int terms = 1; terms <= 12; ++terms) names.push_back(std::to_string(terms) + " terms");
  return names;
}

class ReplayTest : public testing::TestWithParam<std::string> {
 protected:
  ReplayTest() {
    const FamilySpec& spec = family_->spec();
    const PolicyShape shape{MlpShape(spec.observation_dim, {8}, spec.action_dim)};
    Rng rng = Address{.seed = 3}.Open(Purpose::kInit);
    const ControlPolicy<float> policy(
        shape, shape.network.InitialParams(rng, 1), Vector::Zero(spec.action_dim),
        {Vector::Zero(spec.observation_dim), Vector::Ones(spec.observation_dim)});
    Worker worker(*family_, policy);
    Rollout(task_, policy, Exploration::kStochastic, address_, worker, episode_);
    final_state_.reset(mj_copyData(nullptr, &worker.stage.model(), &worker.stage.data()));
  }

  std::unique_ptr<TaskFamily> family_ = MakeReplayed(GetParam());
  Vector task_ = SampleTasks(*family_, 1, Phase::kTest, {.count = 1}).col(0);
  Address address_{.seed = 1, .phase = Phase::kTest, .inner_step = 2};
  Episode episode_{family_->spec()};
  DataPtr final_state_;
};

TEST_P(ReplayTest, EndsInTheVeryStateAndReturnOfTheEpisode) {
  Replay replay(*family_, task_, address_, episode_);
  EXPECT_EQ(replay.time(), 0);
  EXPECT_EQ(replay.return_so_far(), 0);
  double sum = 0;
  while (!replay.done()) {
    EXPECT_EQ(replay.return_so_far(), sum);
    sum += episode_.rewards[replay.steps()];
    replay.Step();
  }
  EXPECT_EQ(replay.steps(), episode_.length);
  EXPECT_EQ(replay.return_so_far(), episode_.undiscounted_return);
  const mjModel& model = family_->model();
  EXPECT_TRUE(
      std::equal(final_state_->qpos, final_state_->qpos + model.nq, replay.view().shown().qpos));
  EXPECT_TRUE(
      std::equal(final_state_->qvel, final_state_->qvel + model.nv, replay.view().shown().qvel));
}

TEST_P(ReplayTest, RefusesToShowAnotherMotion) {
  const std::int64_t t = episode_.length / 2;
  const auto replay_all = [this] {
    Replay replay(*family_, task_, address_, episode_);
    while (!replay.done()) replay.Step();
  };
  const Episode good = episode_;
  episode_.actions.col(t).setZero();
  EXPECT_THROW(replay_all(), std::runtime_error);
  episode_ = good;
  episode_.rewards[t] = std::nextafter(episode_.rewards[t], 1e9);
  EXPECT_THROW(replay_all(), std::runtime_error);
  episode_ = good;
  EXPECT_NO_THROW(replay_all());
}

TEST_P(ReplayTest, ShowsADivergedEpisodeAsFarAsItWent) {
  episode_.length = 5;
  episode_.end = End::kDiverged;
  episode_.undiscounted_return = -1234;
  Replay replay(*family_, task_, address_, episode_);
  while (!replay.done()) replay.Step();
  EXPECT_EQ(replay.steps(), 5);
  EXPECT_EQ(replay.return_so_far(), -1234);
}

INSTANTIATE_TEST_SUITE_P(Registry, ReplayTest, testing::ValuesIn(AllReplayed()),
                         [](const auto& test) { return TestName(test.param); });

}  // namespace
}  // namespace anole::render
