// What every task family must keep, whoever adds it: these tests iterate the registry.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <numbers>

#include "configs/user_error.h"
#include "envs/data_family.h"
#include "envs/mujoco.h"
#include "envs/stage.h"
#include "tests/configs/error_of.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

class EveryFamily : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<TaskFamily> family_ = MakeFamily(GetParam());
  Vector task_ = SampleTasks(*family_, 1, Phase::kTrain, {.count = 1}).col(0);
};

TEST_P(EveryFamily, RunsAnEpisodeOfFiniteNumbersWithoutWarnings) {
  const FamilySpec& spec = family_->spec();
  Stage stage(*family_);
  stage.Reset(task_, {.seed = 1});
  Rng actions = Address{.seed = 2}.Open(Purpose::kAction);
  std::int64_t steps = 0;
  for (bool ended = false; !ended && steps < spec.horizon; ++steps) {
    ASSERT_TRUE(stage.Observe().allFinite()) << "at step " << steps;
    Vector action(spec.action_dim);
    for (double& a : action) a = 2 * actions.Normal();  // beyond the clip, too
    const Outcome outcome = stage.Step(action);
    ASSERT_TRUE(stage.reward_terms().allFinite()) << "at step " << steps;
    ASSERT_DOUBLE_EQ(outcome.reward, stage.reward_terms().sum());
    ASSERT_TRUE(IsHealthy(family_->model(), stage.data()));
    ended = outcome.terminated;
  }
  ASSERT_TRUE(stage.Observe().allFinite()) << "at the end";
  for (const mjWarningStat& warning : stage.data().warning) EXPECT_EQ(warning.number, 0);
  EXPECT_NEAR(stage.data().time, static_cast<double>(steps) * spec.control_dt, 1e-9);
}

TEST_P(EveryFamily, ObservesItsOwnMotion) {
  Stage stage(*family_);
  stage.Reset(task_, {.seed = 1});
  const Vector before = stage.Observe();
  stage.Step(Vector::Ones(family_->spec().action_dim));
  EXPECT_NE(before, stage.Observe());
}

TEST_P(EveryFamily, ClipsActionsToOne) {
  const Vector ones = Vector::Ones(family_->spec().action_dim);
  Stage one(*family_), seven(*family_);
  one.Reset(task_, {.seed = 1});
  seven.Reset(task_, {.seed = 1});
  EXPECT_EQ(one.Step(ones).reward, seven.Step(7 * ones).reward);
  EXPECT_EQ(one.Observe(), seven.Observe());
}

TEST_P(EveryFamily, StandingStillIsBetterThanDiverging) {
  const FamilySpec& spec = family_->spec();
  const Matrix tasks = SampleTasks(*family_, 3, Phase::kTrain, {.count = 20});
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) {
    Stage stage(*family_);
    stage.Reset(tasks.col(i), {.seed = 1, .rollout = i});
    const Outcome outcome = stage.Step(Vector::Zero(spec.action_dim));
    EXPECT_GT(outcome.reward, spec.diverged_reward);
  }
}

// Directions are a finite set: there, all phases hold the same tasks.
TEST_P(EveryFamily, TrainsValidatesAndTestsOnTasksOfItsOwn) {
  const auto draw = [&](Phase phase) {
    return SampleTasks(*family_, 1, phase, {.count = 20, .strata = 20});
  };
  const Matrix train = draw(Phase::kTrain), validation = draw(Phase::kValidation),
               test = draw(Phase::kTest);
  const bool finite = train.rows() == 1 && train.cwiseAbs() == Matrix::Ones(1, 20);
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 20; ++k) {
      if (finite) continue;
      EXPECT_NE(train.col(i), validation.col(k));
      EXPECT_NE(train.col(i), test.col(k));
      EXPECT_NE(validation.col(i), test.col(k));
    }
  }
  EXPECT_EQ(train, draw(Phase::kTrain));
  EXPECT_EQ(train.col(13),
            SampleTasks(*family_, 1, Phase::kTrain, {.first = 13, .count = 1, .strata = 20}));
}

TEST_P(EveryFamily, NamesItsNumbers) {
  const FamilySpec& spec = family_->spec();
  EXPECT_EQ(task_.size(), static_cast<Eigen::Index>(spec.task_parameters.size()));
  EXPECT_GT(spec.observation_dim, 0);
  EXPECT_GT(spec.horizon, 0);
  EXPECT_GT(spec.control_dt, 0);
  EXPECT_LT(spec.diverged_reward, 0);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryFamily, testing::ValuesIn(EveryFamilyName()),
                         [](const auto& test) { return TestName(test.param); });

TEST(HalfCheetah, ResetsAsGymnasiumDoes) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  const Vector task = Vector::Ones(1);
  double velocity_square = 0;
  for (int i = 0; i < 200; ++i) {
    Stage stage(*family);
    stage.Reset(task, {.seed = 1, .rollout = i});
    for (int j = 0; j < 9; ++j) {
      EXPECT_LE(std::abs(stage.data().qpos[j]), 0.1);
      velocity_square += stage.data().qvel[j] * stage.data().qvel[j];
    }
  }
  EXPECT_NEAR(velocity_square / 1800, 0.01, 0.0017);  // deviation .1, 5 standard errors
}

TEST(HalfCheetah, ObservesAllButItsPlace) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  Stage stage(*family);
  const Vector task = Vector::Ones(1);
  stage.Reset(task, {.seed = 1});
  const Vector observation = stage.Observe();
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
    Stage stage(*direction);
    stage.Reset(task, {.seed = 1});
    const double x = stage.data().qpos[0];
    const Outcome outcome = stage.Step(action);
    const double v = (stage.data().qpos[0] - x) / 0.05;
    EXPECT_DOUBLE_EQ(outcome.reward, goal * v - cost);

    Stage same(*velocity);
    same.Reset(task, {.seed = 1});
    EXPECT_DOUBLE_EQ(same.Step(action).reward, -std::abs(v - goal) - cost);
  }
}

TEST(CheetahDirection, EnumeratesBothDirections) {
  const auto family = TaskFamilies::NewMaker("cheetah-direction")->Make();
  const Matrix tasks = SampleTasks(*family, 5, Phase::kTest, {.count = 6});
  EXPECT_EQ(tasks, (Matrix(1, 6) << 1, -1, 1, -1, 1, -1).finished());
}

TEST(Ant, ResetsAsGymnasiumDoesWithAUnitQuaternion) {
  const auto family = TaskFamilies::NewMaker("ant-goal")->Make();
  const Vector task = Vector::Zero(2);
  for (int i = 0; i < 20; ++i) {
    Stage stage(*family);
    stage.Reset(task, {.seed = 1, .rollout = i});
    const Eigen::Map<const Vector> qpos(stage.data().qpos, 15);
    EXPECT_NEAR(qpos.segment(3, 4).norm(), 1, 1e-12);
    EXPECT_GT(qpos[3], 0.8);
    EXPECT_NEAR(qpos[2], 0.75, 0.1);
    EXPECT_LE(qpos.tail(8).cwiseAbs().maxCoeff(), 0.1);
    EXPECT_EQ(stage.Observe().head(15), Vector(qpos));  // this task shows its place
  }
}

TEST(Ant, RewardsAreThoseOfThePapers) {
  const auto velocity = TaskFamilies::NewMaker("ant-velocity")->Make();
  const auto direction = MakeWith("ant-direction", "task.directions = \"any\"");
  const auto goal = TaskFamilies::NewMaker("ant-goal")->Make();
  Vector action(8);
  action << 0.5, -0.25, 3, -3, 0, 1, 0, 0;
  const double square = 0.25 + 0.0625 + 1 + 1 + 1;  // of the clipped action
  Eigen::Vector2d v, place;                         // of the torso, during and after the step
  const auto step = [&](const TaskFamily& family, VectorIn task) {
    Stage stage(family);
    stage.Reset(task, {.seed = 1});
    const Eigen::Vector2d from(stage.data().xpos + 3);
    const double reward = stage.Step(action).reward;
    v = (Eigen::Vector2d(stage.data().xpos + 3) - from) / 0.05;
    place = Eigen::Vector2d(stage.data().qpos);
    return reward;
  };
  double reward = step(*velocity, Vector::Constant(1, 1.5));
  EXPECT_NEAR(reward, -std::abs(v.x() - 1.5) + 1.05 - 0.005 * square, 1e-12);
  reward = step(*direction, Vector::Constant(1, 2));
  EXPECT_NEAR(reward, std::cos(2) * v.x() + std::sin(2) * v.y() + 1 - 0.5 * square, 1e-12);
  const Vector target = Eigen::Vector2d(1, -2);
  reward = step(*goal, target);
  EXPECT_NEAR(reward, -std::abs(place.x() - 1) - std::abs(place.y() + 2) - 0.1 * square, 1e-12);
}

TEST(Ant, FallingEndsAnEpisodeAndEarnsNoBonus) {
  const auto family = MakeWith("ant-direction", "task.healthy_height = [0.8, 1]");
  const auto goal = TaskFamilies::NewMaker("ant-goal")->Make();
  const Vector task = Vector::Ones(1);
  Stage stage(*family);
  Outcome outcome;
  stage.Reset(task, {.seed = 1});
  for (int t = 0; t < 20 && !outcome.terminated; ++t) {
    outcome = stage.Step(Vector::Zero(8));
    const double height = stage.data().qpos[2];
    EXPECT_EQ(outcome.terminated, height < 0.8 || height > 1);
    EXPECT_EQ(stage.reward_terms()[2], outcome.terminated ? 0 : 1);
  }
  EXPECT_TRUE(outcome.terminated);
  EXPECT_THROW(MakeWith("ant-direction", "task.healthy_height = [1, 0.2]"), UserError);
}

TEST(Ant, ObservesAndPaysForContactForcesWhereAsked) {
  const auto family = MakeWith("ant-direction", "task.contact_forces = true");
  ASSERT_EQ(family->spec().observation_dim, 105);
  const Vector task = Vector::Ones(1);
  Stage stage(*family);
  stage.Reset(task, {.seed = 1});
  EXPECT_TRUE(stage.Observe().tail(78).isZero());
  double most = 0;
  for (int t = 0; t < 50; ++t) {
    stage.Step(Vector::Zero(8));
    const Vector forces = stage.Observe().tail(78);
    EXPECT_LE(forces.cwiseAbs().maxCoeff(), 1);
    EXPECT_DOUBLE_EQ(stage.reward_terms()[3], -5e-4 * forces.squaredNorm());
    most = std::max(most, forces.squaredNorm());
  }
  EXPECT_GT(most, 1);
}

TEST(Ant, DrawsTasksAsThePapersDo) {
  const auto both = TaskFamilies::NewMaker("ant-direction")->Make();
  EXPECT_EQ(SampleTasks(*both, 5, Phase::kTest, {.count = 4}),
            (Matrix(1, 4) << 1, -1, 1, -1).finished());
  const auto any = MakeWith("ant-direction", "task.directions = \"any\"");
  const Matrix angles = SampleTasks(*any, 5, Phase::kTest, {.count = 8, .strata = 8});
  for (int i = 0; i < 8; ++i) EXPECT_EQ(std::floor(angles(0, i) / (2 * std::numbers::pi) * 8), i);
  const auto goal = TaskFamilies::NewMaker("ant-goal")->Make();
  const Matrix targets = SampleTasks(*goal, 5, Phase::kTest, {.count = 400});
  const auto distances = targets.colwise().norm();
  EXPECT_LE(distances.maxCoeff(), 3);
  EXPECT_NEAR(distances.array().square().mean(), 4.5, 0.7);  // even over the area
}

// Every factor of a task changes the motion, each for itself.
TEST(Dynamics, EachFactorShowsInTheMotion) {
  for (const char* name : {"walker-dynamics", "hopper-dynamics"}) {
    const auto family = TaskFamilies::NewMaker(name)->Make();
    const FamilySpec& spec = family->spec();
    const auto motion = [&](VectorIn task) {
      Stage stage(*family);
      stage.Reset(task, {.seed = 1});
      Vector sum = Vector::Zero(spec.observation_dim);
      for (int t = 0; t < 100; ++t) {  // long enough to fall on every part of the body
        stage.Step(Vector::Constant(spec.action_dim, t % 20 < 10 ? 1 : -1));
        sum += stage.Observe().cwiseAbs();
      }
      return sum;
    };
    const Vector nominal = Vector::Ones(static_cast<Eigen::Index>(spec.task_parameters.size()));
    const Vector usual = motion(nominal);
    int without_effect = 0;
    for (Eigen::Index i = 0; i < nominal.size(); ++i) {
      Vector task = nominal;
      task[i] = 1.7;
      const std::string& parameter = spec.task_parameters[static_cast<std::size_t>(i)].name;
      if (motion(task) != usual) continue;
      // In a plane two of three inertias do nothing; of friction, contacts take the larger one, and
      // only where they resist rolling do they know more than one coefficient.
      EXPECT_TRUE(parameter.starts_with("inertia") || parameter.starts_with("friction"))
          << name << ": " << parameter;
      ++without_effect;
    }
    EXPECT_LT(without_effect, nominal.size() * 2 / 3) << name;
  }
}

TEST(Dynamics, FactorsAreDrawnAsTheFieldDoes) {
  const auto family = TaskFamilies::NewMaker("walker-dynamics")->Make();
  const FamilySpec& spec = family->spec();
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 2000});
  for (Eigen::Index i = 0; i < tasks.rows(); ++i) {
    const std::string& name = spec.task_parameters[static_cast<std::size_t>(i)].name;
    const double base = name.starts_with("damping") ? 1.3 : 1.5;
    const Vector exponents = tasks.row(i).array().log() / std::log(base);
    EXPECT_GE(exponents.minCoeff(), -3) << name;
    EXPECT_LE(exponents.maxCoeff(), 3) << name;
    EXPECT_NEAR(exponents.mean(), 0, 0.2) << name;
    EXPECT_NEAR(exponents.squaredNorm() / 2000, 3, 0.3) << name;
  }
  EXPECT_NE(tasks.row(0), tasks.row(1));
  EXPECT_THROW(MakeWith("walker-dynamics",
                        "task = {mass_exponent = 0, inertia_exponent = 0, "
                        "friction_exponent = 0, damping_exponent = 0}"),
               UserError);
}

TEST(Humanoid, RewardIsThatOfThePapers) {
  const auto family = TaskFamilies::NewMaker("humanoid-direction")->Make();
  ASSERT_EQ(family->spec().observation_dim, 45);
  const Vector angle = Vector::Constant(1, 2);
  const Vector action = Vector::LinSpaced(17, -3, 3);
  Stage stage(*family);
  stage.Reset(angle, {.seed = 1});
  EXPECT_NEAR(Eigen::Map<Eigen::Vector4d>(stage.data().qpos + 3).norm(), 1, 1e-12);
  const Eigen::Vector2d from(stage.data().subtree_com);
  const double reward = stage.Step(action).reward;
  const Eigen::Vector2d v = (Eigen::Vector2d(stage.data().subtree_com) - from) / 0.015;
  const double cost = 0.1 * (0.4 * action.cwiseMax(-1).cwiseMin(1)).squaredNorm();
  EXPECT_NEAR(reward, 1.25 * (std::cos(2) * v.x() + std::sin(2) * v.y()) + 5 - cost, 1e-12);
}

TEST(Humanoid, ObservesAndPaysForWhatIsAsked) {
  const auto family = MakeWith("humanoid-direction",
                               "task = {directions = \"forward-backward\", body_inertias = true, "
                               "body_velocities = true, actuator_forces = true, "
                               "contact_forces = true}");
  ASSERT_EQ(family->spec().observation_dim, 348);
  const Vector task = Vector::Ones(1);
  Stage stage(*family);
  stage.Reset(task, {.seed = 1});
  EXPECT_TRUE(stage.Observe().tail(78 + 17).isZero());
  Outcome outcome;
  double most = 0;
  for (int t = 0; t < 200 && !outcome.terminated; ++t) {
    outcome = stage.Step(Vector::Constant(17, 0.5));
    const Vector observation = stage.Observe();
    EXPECT_NEAR(observation[253], 0.2 * 100, 1e-12);  // torque of the first waist joint
    const double square = observation.tail(78).squaredNorm();
    EXPECT_DOUBLE_EQ(stage.reward_terms()[3], -std::min(5e-7 * square, 10.));
    most = std::max(most, square);
  }
  EXPECT_TRUE(outcome.terminated);  // it falls
  EXPECT_EQ(stage.reward_terms()[2], 0);
  EXPECT_GT(most, 1);
}

TEST(PointNavigation, MovesByATenthOfTheActionAndRewardsNearness) {
  const auto family = TaskFamilies::NewMaker("point-navigation")->Make();
  const Vector target = Eigen::Vector2d(0.3, -0.4);
  Stage stage(*family);
  stage.Reset(target, {.seed = 1});
  EXPECT_EQ(stage.Observe(), Vector(Eigen::Vector2d(0, 0)));
  const Outcome outcome = stage.Step(Eigen::Vector2d(0.5, -9));
  EXPECT_TRUE(stage.Observe().isApprox(Eigen::Vector2d(0.05, -0.1)));
  EXPECT_DOUBLE_EQ(outcome.reward, -std::hypot(0.25, -0.3));
}

TEST(PointNavigation, SparseRewardIsZeroButNearTheTarget) {
  const auto family = MakeWith("point-navigation", "task.reward = \"sparse\"");
  const auto wide =
      MakeWith("point-navigation", "task = {reward = \"sparse\", sparse_radius = 0.8}");
  const auto reward = [](const TaskFamily& of, double distance) {
    const Vector target = Eigen::Vector2d(0.1, distance);
    Stage stage(of);
    stage.Reset(target, {.seed = 1});
    const Outcome outcome = stage.Step(Eigen::Vector2d(1, 0));  // a step of .1 m
    EXPECT_EQ(outcome.success, distance < 0.1);
    return outcome.reward;
  };
  EXPECT_EQ(reward(*family, 0), 1);
  EXPECT_DOUBLE_EQ(reward(*family, 0.05), 0.75);
  EXPECT_NEAR(reward(*family, 0.19), 0.05, 1e-12);
  EXPECT_EQ(reward(*family, 0.21), 0);
  EXPECT_EQ(reward(*family, 0.4), 0);
  EXPECT_DOUBLE_EQ(reward(*wide, 0.4), 0.5);
  EXPECT_EQ(family->spec().reward_terms.at(0).name, "nearness");
  const auto error = ErrorOf(
      [] { MakeWith("point-navigation", "task = {reward = \"sparse\", sparse_radius = 0}"); });
  EXPECT_NE(error.find("must be above 0"), std::string::npos) << error;
}

TEST(Bandit, PaysAsOftenAsItsTaskSays) {
  const auto family = MakeWith("bandit", "task = {arms = 3, horizon = 10}");
  const Vector task = Eigen::Vector3d(0, 1, 0.3);
  Stage stage(*family);
  stage.Reset(task, {.seed = 1});
  EXPECT_EQ(stage.Observe(), Vector(Vector::Zero(3)));
  EXPECT_EQ(stage.Step(Eigen::Vector3d(2, 1, 1.5)).reward, 0);
  EXPECT_EQ(stage.Observe(), Vector(Eigen::Vector3d(1, 0, 0)));
  EXPECT_EQ(stage.Step(Eigen::Vector3d(-2, -1, -1.5)).reward, 1);
  EXPECT_EQ(stage.Observe(), Vector(Eigen::Vector3d(0, 1, 0)));
  double sum = 0;
  for (int i = 0; i < 2000; ++i) sum += stage.Step(Eigen::Vector3d(0, 0, 1)).reward;
  EXPECT_NEAR(sum / 2000, 0.3, 0.05);
  stage.Reset(task, {.seed = 1, .rollout = 1});
  EXPECT_EQ(stage.Observe(), Vector(Vector::Zero(3)));
}

TEST(Walker, EndsWhereItIsNotHealthy) {
  const auto family = TaskFamilies::NewMaker("walker-velocity")->Make();
  const Vector task = Vector::Zero(1);
  Stage stage(*family);
  for (const double pitch : {0., 0.9, -0.9, 1.1, -1.1}) {
    stage.Reset(task, {.seed = 1});
    stage.data().qpos[2] = pitch;
    const Outcome outcome = stage.Step(Vector::Zero(6));
    EXPECT_EQ(outcome.terminated, std::abs(pitch) > 1) << pitch;
    EXPECT_EQ(stage.reward_terms()[2], outcome.terminated ? 0 : 15) << pitch;
  }
}

const std::vector<std::string> kGoalVelocities = {
    "ant-velocity", "cheetah-velocity", "walker-velocity", "hopper-velocity", "swimmer-velocity"};

// Or an episode that blows up would be the better one.
TEST(GoalVelocity, DivergingIsWorseThanStandingAtEveryGoal) {
  for (const std::string& name : kGoalVelocities) {
    for (const std::string options : {"", "task.test_range = [-20, -11]"}) {
      const auto family = MakeWith(name, options);
      const TaskRange range = family->spec().task_ranges.at(0).whole();
      EXPECT_LT(family->spec().diverged_reward,
                -std::max(std::abs(range.low), std::abs(range.high)))
          << name;
    }
  }
}

TEST(GoalVelocity, TestsMayHaveARangeOfTheirOwn) {
  for (const std::string& name : kGoalVelocities) {
    const auto plain = MakeWith(name, "task.range = [0, 1]");
    const auto family = MakeWith(name, "task = {range = [0, 1], test_range = [-3, -2]}");
    const Slice slice{.count = 10, .strata = 10};
    const Matrix tests = SampleTasks(*family, 5, Phase::kTest, slice);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(std::floor(10 * (tests(0, i) + 3)), i) << name;
    for (const Phase phase : {Phase::kTrain, Phase::kValidation}) {
      EXPECT_EQ(SampleTasks(*family, 5, phase, slice), SampleTasks(*plain, 5, phase, slice));
    }
    EXPECT_GE(SampleTasks(*plain, 5, Phase::kTest, slice).minCoeff(), 0);
    const TaskRanges& ranges = family->spec().task_ranges.at(0);
    EXPECT_EQ(ranges.train, (TaskRange{0, 1})) << name;
    EXPECT_EQ(ranges.test, (TaskRange{-3, -2})) << name;
  }
}

TEST(GoalVelocity, RangesUpsideDownAreRefused) {
  const auto error = [](const std::string& options) {
    return ErrorOf([&] { MakeWith("ant-velocity", options); });
  };
  EXPECT_EQ(error("task.range = [2, 1]"), "task.range: the lowest value is above the highest");
  EXPECT_EQ(error("task.test_range = [2, 1]"),
            "task.test_range: the lowest value is above the highest");
  EXPECT_EQ(error("task.test_range = [2]"), "task.test_range: must be two values, or none");
}

TEST(ReacherGoal, HidesItsTargetAndRewardsNearness) {
  const auto family = TaskFamilies::NewMaker("reacher-goal")->Make();
  const Vector here = Eigen::Vector2d(0.1, 0.1), there = Eigen::Vector2d(-0.1, 0.05);
  Stage stage(*family), other(*family);
  stage.Reset(here, {.seed = 1});
  other.Reset(there, {.seed = 1});
  const Vector action = Eigen::Vector2d(0.5, -3);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(stage.Observe(), other.Observe());
    const Outcome outcome = stage.Step(action);
    other.Step(action);
    const double distance = (stage.Observe().tail(2) - here).norm();
    EXPECT_DOUBLE_EQ(outcome.reward, -distance - 1.25);
    EXPECT_FALSE(outcome.success);
  }
  stage.Reset(here, {.seed = 1});
  const Vector fingertip = stage.Observe().tail(2);
  stage.Reset(fingertip, {.seed = 1});
  EXPECT_TRUE(stage.Step(Vector::Zero(2)).success);
}

TEST(ReacherGoal, DrawsTargetsUniformlyInADisc) {
  const auto family = TaskFamilies::NewMaker("reacher-goal")->Make();
  const Matrix tasks = SampleTasks(*family, 5, Phase::kTrain, {.count = 1000});
  const auto distances = tasks.colwise().norm().array();
  EXPECT_LT(distances.maxCoeff(), 0.2);
  // Half of the disc's area is within .2 / sqrt(2); 5 standard errors.
  EXPECT_NEAR((distances < 0.2 / std::sqrt(2)).cast<double>().mean(), 0.5, 0.08);
}

TEST(TestRing, TestsMayHaveTargetsFartherThanTraining) {
  const std::map<std::string, std::pair<double, double>> rings = {
      {"point-navigation", {1, 2}}, {"ant-goal", {4, 6}}, {"reacher-goal", {0.22, 0.26}}};
  for (const auto& [name, ring] : rings) {
    const auto [inner, outer] = ring;
    const auto plain = TaskFamilies::NewMaker(name)->Make();
    const auto family = MakeWith(
        name, "task.test_radius = [" + std::to_string(inner) + ", " + std::to_string(outer) + "]");
    for (const Phase phase : {Phase::kTrain, Phase::kValidation}) {
      EXPECT_EQ(SampleTasks(*family, 5, phase, {.count = 9}),
                SampleTasks(*plain, 5, phase, {.count = 9}));
    }
    const Matrix targets = SampleTasks(*family, 5, Phase::kTest, {.count = 1000});
    const auto distances = targets.colwise().norm().array();
    EXPECT_GE(distances.minCoeff(), inner) << name;
    EXPECT_LT(distances.maxCoeff(), outer) << name;
    // Even over the area, in every direction; 5 standard errors.
    const double half = std::sqrt((inner * inner + outer * outer) / 2);
    EXPECT_NEAR((distances < half).cast<double>().mean(), 0.5, 0.08) << name;
    EXPECT_NEAR((targets.array() > 0).cast<double>().mean(), 0.5, 0.06) << name;
    EXPECT_EQ(family->spec().task_ranges.at(1).test, (TaskRange{-outer, outer})) << name;
    EXPECT_EQ(family->spec().task_ranges.at(1).train, plain->spec().task_ranges.at(1).test) << name;
    // Or an episode that blows up would be the better one.
    const double farthest = name == "ant-goal" ? std::sqrt(2) * outer : outer;
    EXPECT_LT(family->spec().diverged_reward, -farthest) << name;
  }
}

TEST(TestRing, RingsInsideOutAreRefused) {
  const auto error = [](const std::string& options) {
    return ErrorOf([&] { MakeWith("point-navigation", options); });
  };
  EXPECT_EQ(error("task.test_radius = [2, 1]"),
            "task.test_radius: the inner radius is above the outer one");
  EXPECT_EQ(error("task.test_radius = [2]"),
            "task.test_radius: must be the inner and the outer one");
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
