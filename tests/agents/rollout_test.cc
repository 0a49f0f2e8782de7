#include "agents/control/rollout.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "envs/family_decorator.h"
#include "envs/mujoco.h"
#include "tests/agents/count_allocations.h"
#include "tests/envs/every_family.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

class RolloutTest : public testing::Test {
 protected:
  ControlPolicy<float> Policy(double last_scale = 1) const {
    const PolicyShape shape{MlpShape(17, {64, 64}, 6)};
    Rng rng = Address{.seed = 3}.Open(Purpose::kInit);
    return {shape,
            shape.network.InitialParams(rng, last_scale),
            Vector::Constant(6, -0.5),
            {Vector::Zero(17), Vector::Ones(17)}};
  }
  Episode Run(const ControlPolicy<float>& policy, const Address& address, Worker& worker,
              Exploration exploration = Exploration::kStochastic) const {
    Episode episode(family_->spec());
    Rollout(task_, policy, exploration, address, worker, episode);
    return episode;
  }

  std::unique_ptr<TaskFamily> family_ = TaskFamilies::NewMaker("cheetah-velocity")->Make();
  Vector task_ = Vector::Constant(1, 1.5);
};

// Contacts matter here: a point mass would not notice a solver that starts warm from the episode
// before.
TEST_F(RolloutTest, IsPureWhateverTheWorkerDidBefore) {
  const auto policy = Policy();
  Worker fresh(*family_, policy), used(*family_, policy);
  int contacts = 0;
  for (int i = 0; i < 10; ++i) {
    Run(policy, {.seed = 99, .rollout = i}, used);
    contacts += used.stage.data().ncon;
  }
  EXPECT_GT(contacts, 0);
  const Address address{.seed = 1};
  const Episode a = Run(policy, address, fresh), b = Run(policy, address, used);
  EXPECT_EQ(a.observations, b.observations);
  EXPECT_EQ(a.actions, b.actions);
  EXPECT_EQ(a.rewards, b.rewards);
  EXPECT_EQ(a.undiscounted_return, b.undiscounted_return);
}

TEST_F(RolloutTest, RecordsWhatItDid) {
  const auto policy = Policy();
  Worker worker(*family_, policy);
  const Episode episode = Run(policy, {.seed = 1}, worker);
  EXPECT_EQ(episode.length, 200);
  EXPECT_EQ(episode.end, End::kTimeLimit);
  EXPECT_NEAR(episode.undiscounted_return, episode.rewards.sum(), 1e-9);
  EXPECT_TRUE(episode.reward_terms.colwise().sum().transpose().isApprox(episode.rewards));
  EXPECT_GT(episode.actions.cwiseAbs().maxCoeff(), 1) << "the raw actions are kept";
  const Vector log_probs = policy.LogProbs(episode.observations, episode.actions);
  EXPECT_LT((log_probs - episode.log_probs).cwiseAbs().maxCoeff(), 1e-9);
}

TEST_F(RolloutTest, ADeterministicEpisodeTakesTheMeanFromTheSameStart) {
  const auto policy = Policy();
  Worker worker(*family_, policy);
  const Episode noisy = Run(policy, {.seed = 1}, worker);
  const Episode greedy = Run(policy, {.seed = 1}, worker, Exploration::kDeterministic);
  EXPECT_EQ(noisy.observations.col(0), greedy.observations.col(0));
  auto pass = policy.MakeMemory();
  Vector mean(6);
  policy.Mean(greedy.observations.col(7), pass, mean);
  EXPECT_EQ(greedy.actions.col(7), mean);
}

// A family whose physics blows up in its third step.
class Exploding : public FamilyDecorator {
 public:
  explicit Exploding(double bad)
      : FamilyDecorator(TaskFamilies::NewMaker("cheetah-velocity")->Make()),
        spec_(FamilyDecorator::spec()),
        bad_(bad) {
    spec_.diverged_reward = -7;
  }
  const FamilySpec& spec() const override { return spec_; }
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut terms) const override {
    if (simulation.data.time > 0.09) simulation.data.qvel[4] = bad_;
    Outcome outcome = FamilyDecorator::Step(task, action, simulation, terms);
    outcome.reward = 1;
    return outcome;
  }

 private:
  FamilySpec spec_;
  double bad_;
};

TEST_F(RolloutTest, PhysicsThatBlowsUpIsData) {
  for (const double bad : {1e12, std::numeric_limits<double>::quiet_NaN()}) {
    const Exploding family(bad);
    const auto policy = Policy();
    Worker worker(family, policy);
    Episode episode(family.spec());
    Rollout(task_, policy, Exploration::kStochastic, {.seed = 1}, worker, episode);
    EXPECT_EQ(episode.end, End::kDiverged);
    EXPECT_EQ(episode.length, 2) << "the step that diverged is not recorded";
    EXPECT_EQ(episode.undiscounted_return, 2 - 7 * 198);
  }
}

// A half-cheetah whose mass is the task: a factor. Its floor differs from episode to episode.
class Laden : public FamilyDecorator {
 public:
  Laden()
      : FamilyDecorator(TaskFamilies::NewMaker("cheetah-velocity")->Make()),
        model_(LoadEmbeddedModel("half_cheetah.xml")) {}
  const mjModel& model() const override { return *model_; }
  bool varies_model() const override { return true; }
  void Configure(VectorIn task, std::int64_t iteration, Rng& rng, mjModel& model) const override {
    configured = iteration;
    for (int i = 0; i < model.nbody; ++i) model.body_mass[i] *= task[0];
    for (int i = 0; i < 3 * model.nbody; ++i) model.body_inertia[i] *= task[0];
    model.geom_friction[0] *= rng.Uniform(0.5, 1);
  }

  mutable std::int64_t configured = -1;  // the iteration of the last episode

 private:
  ModelPtr model_;
};

TEST_F(RolloutTest, OnlyEpisodesOfTrainingBelongToAnIteration) {
  const Laden family;
  const auto policy = Policy();
  Worker worker(family, policy);
  Episode episode(family.spec());
  const auto iteration_of = [&](Phase phase) {
    Rollout(Vector::Constant(1, 1), policy, Exploration::kStochastic,
            {.phase = phase, .iteration = 7}, worker, episode);
    return family.configured;
  };
  EXPECT_EQ(iteration_of(Phase::kTrain), 7);
  EXPECT_EQ(iteration_of(Phase::kValidation), kGrown);
  EXPECT_EQ(iteration_of(Phase::kTest), kGrown);
}

TEST_F(RolloutTest, DynamicsOfATaskLeaveNoTraceInTheNext) {
  const Laden family;
  const auto policy = Policy();
  const auto run = [&](double mass, int rollout, Worker& worker) {
    Episode episode(family.spec());
    Rollout(Vector::Constant(1, mass), policy, Exploration::kStochastic, {.rollout = rollout},
            worker, episode);
    return episode;
  };
  Worker used(family, policy);
  for (const auto& [mass, rollout] : {std::pair(1., 0), {2., 0}, {2., 1}, {.5, 0}, {1., 0}}) {
    Worker fresh(family, policy);
    EXPECT_EQ(run(mass, rollout, used).observations, run(mass, rollout, fresh).observations);
  }
  const Episode episode = run(1, 0, used);
  EXPECT_NE(run(2, 0, used).observations, episode.observations);
  EXPECT_NE(run(1, 1, used).observations, episode.observations);
  EXPECT_NEAR(mj_getTotalmass(&family.model()), 14, 1e-9) << "the family's own stays as it is";
  if (CanCountAllocations()) {
    Episode again(family.spec());
    const Vector task = Vector::Constant(1, 2);
    EXPECT_EQ(
        CountAllocations([&] { Rollout(task, policy, Exploration::kStochastic, {}, used, again); }),
        0);
  }
}

TEST_F(RolloutTest, DerivedConstantsFollowTheMass) {
  const Laden family;
  const auto policy = Policy();
  Worker worker(family, policy);
  worker.stage.Reset(Vector::Constant(1, 1), {});
  const double inverse_weight = worker.stage.model().body_invweight0[2];
  worker.stage.Reset(Vector::Constant(1, 4), {});
  const mjModel& heavy = worker.stage.model();
  EXPECT_LT(heavy.body_invweight0[2], 0.3 * inverse_weight);  // not .25: the joints' armature
  EXPECT_NEAR(heavy.body_subtreemass[0], 56, 1e-9);
}

TEST_F(RolloutTest, AllocatesNothing) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer has its own allocator";
  const auto policy = Policy();
  Worker worker(*family_, policy);
  Episode episode(family_->spec());
  const auto run = [&](int i) {
    Rollout(task_, policy, Exploration::kStochastic, {.rollout = i}, worker, episode);
  };
  run(0);
  EXPECT_EQ(CountAllocations([&] { run(1); }), 0);
  EXPECT_GT(CountAllocations([] {
              const Vector v = Vector::Zero(100);
              (void)v.sum();
            }),
            0)
      << "the counter does not count";
}

ControlPolicy<float> PolicyFor(const FamilySpec& spec) {
  const PolicyShape shape{MlpShape(spec.observation_dim, {16}, spec.action_dim)};
  Rng rng = Address{.seed = 3}.Open(Purpose::kInit);
  return {shape,
          shape.network.InitialParams(rng, 1),
          Vector::Constant(spec.action_dim, -0.5),
          {Vector::Zero(spec.observation_dim), Vector::Ones(spec.observation_dim)}};
}

// What holds for every family.
class EveryRollout : public testing::TestWithParam<std::string> {
 protected:
  Episode Run(std::int64_t task, const Address& address, Worker& worker) const {
    Episode episode(family_->spec());
    Rollout(tasks_.col(task), policy_, Exploration::kStochastic, address, worker, episode);
    return episode;
  }

  std::unique_ptr<TaskFamily> family_ = MakeFamily(GetParam());
  Matrix tasks_ = SampleTasks(*family_, 1, Phase::kTrain, {.count = 3});
  ControlPolicy<float> policy_ = PolicyFor(family_->spec());
};

TEST_P(EveryRollout, IsPureWhateverTheWorkerDidBefore) {
  Worker fresh(*family_, policy_), used(*family_, policy_);
  for (int i = 0; i < 3; ++i) Run(i, {.seed = 99, .rollout = i}, used);
  const Episode a = Run(0, {.seed = 1}, fresh), b = Run(0, {.seed = 1}, used);
  ASSERT_EQ(a.length, b.length);
  EXPECT_EQ(a.observations.leftCols(a.length), b.observations.leftCols(a.length));
  EXPECT_EQ(a.rewards.head(a.length), b.rewards.head(a.length));
  EXPECT_EQ(a.undiscounted_return, b.undiscounted_return);
}

TEST_P(EveryRollout, AllocatesNothing) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer has its own allocator";
  Worker worker(*family_, policy_);
  Episode episode(family_->spec());
  const Vector task = tasks_.col(0);
  const auto run = [&](int i) {
    Rollout(task, policy_, Exploration::kStochastic, {.rollout = i}, worker, episode);
  };
  run(0);
  EXPECT_EQ(CountAllocations([&] { run(1); }), 0);
}

// Where an episode begins differs from one to the next, but for a point's and a bandit's.
TEST_P(EveryRollout, BeginsWithNoiseOfItsOwn) {
  Worker worker(*family_, policy_);
  const Vector first = Run(0, {.seed = 1, .rollout = 0}, worker).observations.col(0);
  const Vector second = Run(0, {.seed = 1, .rollout = 1}, worker).observations.col(0);
  EXPECT_EQ(first == second, GetParam() == "point-navigation" || GetParam() == "bandit");
}

TEST_P(EveryRollout, PhysicsThatBlowsUpIsData) {
  class Exploded : public FamilyDecorator {
   public:
    using FamilyDecorator::FamilyDecorator;
    Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
                 VectorOut terms) const override {
      const Outcome outcome = FamilyDecorator::Step(task, action, simulation, terms);
      simulation.data.qpos[0] = std::numeric_limits<double>::quiet_NaN();
      return outcome;
    }
  };
  const Exploded family(MakeFamily(GetParam()));
  Worker worker(family, policy_);
  Episode episode(family.spec());
  Rollout(tasks_.col(0), policy_, Exploration::kStochastic, {}, worker, episode);
  EXPECT_EQ(episode.end, End::kDiverged);
  EXPECT_EQ(episode.length, 0);
  EXPECT_EQ(episode.undiscounted_return,
            static_cast<double>(family.spec().horizon) * family.spec().diverged_reward);
}

// Whatever a task file may ask for within an episode.
class RuledRollout : public RobotWalkerTest {};

TEST_F(RuledRollout, AllocatesNothing) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer has its own allocator";
  const auto family = Make(R"toml([robot]
model = "robot.xml"
control_dt = 0.02
horizon = 40
[[command]]
name = "speed"
per = "episode"
every = 0.1
times = "exponential"
range = [0, 4]
[[action]]
kind = "position"
stiffness = 30
damping = 0.5
[[place]]
of = "foot"
per = "episode"
every = 0.1
x = [-1, 1]
[[drop]]
body = "trunk"
height = [0.5, 1]
settle = 0.1
[[push]]
body = "trunk"
every = [0.1, 0.2]
speed = [0, 1]
duration = [0.05, 0.1]
[[latency]]
range = [0, 0.02]
[[randomize]]
field = "mass"
target = "trunk"
per = "episode"
range = [1, 2]
[[formula]]
name = "fast"
is = "most(vx('trunk')) + before(z('foot')) + start(x('trunk'))"
[[observation]]
term = "sensor"
sensor = "acceleration"
history = 3
delay = 1
delay_most = 2
noise = 0.1
[[observation]]
term = "formula"
formula = "fast; speed"
[[reward]]
term = "progress"
of = "foot"
target = "nose"
[[reward]]
term = "joint_acceleration"
[[success]]
term = "formula"
formula = "time() > 0.3"
)toml");
  const ControlPolicy<float> policy = PolicyFor(family->spec());
  Worker worker(*family, policy);
  Episode episode(family->spec());
  const Vector task = SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0);
  const auto run = [&](int i) {
    Rollout(task, policy, Exploration::kStochastic, {.rollout = i}, worker, episode);
  };
  run(0);
  EXPECT_EQ(CountAllocations([&] { run(1); }), 0);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryRollout, testing::ValuesIn(EveryFamilyName()),
                         [](const auto& test) { return TestName(test.param); });

}  // namespace
}  // namespace anole
