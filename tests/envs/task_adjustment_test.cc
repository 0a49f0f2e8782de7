#include "envs/task_adjustment.h"

#include <gtest/gtest.h>

#include <memory>

#include "configs/user_error.h"
#include "envs/family_decorator.h"
#include "envs/mujoco.h"
#include "envs/stage.h"
#include "tests/envs/robot_of_terms.h"

namespace anole {
namespace {

std::unique_ptr<TaskFamily> Make(const std::string& name, const TaskAdjustment& adjustment) {
  return Adjust(TaskFamilies::NewMaker(name)->Make(), adjustment);
}

TEST(TaskAdjustment, FixedTasksComeInTurnInEveryPhase) {
  const auto family = Make("point-navigation", {.fixed = {0.1, 0.2, -0.3, 0.4}});
  const Matrix expected = (Matrix(2, 3) << 0.1, -0.3, 0.1, 0.2, 0.4, 0.2).finished();
  for (const Phase phase : {Phase::kTrain, Phase::kValidation, Phase::kTest}) {
    EXPECT_EQ(SampleTasks(*family, 1, phase, {.count = 3}), expected);
  }
  // Where training is in its list must not matter: task 3 is the second one again.
  EXPECT_EQ(SampleTasks(*family, 1, Phase::kTrain, {.first = 3, .count = 1}), expected.col(1));
}

TEST(TaskAdjustment, RefusesNumbersThatAreNoTasks) {
  try {
    Make("point-navigation", {.fixed = {0.1, 0.2, 0.3}});
    FAIL() << "nothing was thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "task.fixed: must have 2 numbers for each task of this family, but there are 3");
  }
}

// The oracle sees the task behind what everybody sees, and moves as everybody does.
TEST(TaskAdjustment, AnOracleObservesTheTask) {
  const auto plain = Make("cheetah-velocity", {});
  const auto oracle = Make("cheetah-velocity", {.observe_parameters = true});
  EXPECT_EQ(oracle->spec().observation_dim, plain->spec().observation_dim + 1);
  const Vector task = Vector::Constant(1, 1.25), action = Vector::Constant(6, 0.4);
  Vector observations[2];
  for (const auto& [family, observation] :
       {std::pair(plain.get(), &observations[0]), std::pair(oracle.get(), &observations[1])}) {
    Stage stage(*family);
    stage.Reset(task, {});
    stage.Step(action);
    *observation = stage.Observe();
  }
  EXPECT_EQ(Vector(observations[1].head(observations[0].size())), observations[0]);
  EXPECT_EQ(observations[1][observations[0].size()], 1.25);
}

// The policy's unit is all that changes: S times the action makes the same motion, the same reward
// and the same memory of the last action.
TEST(TaskAdjustment, AnActionRangeIsAUnitOfActions) {
  for (const std::string name : {"cheetah-velocity", "point-navigation", "a robot"}) {
    SCOPED_TRACE(name);
    const auto make = [&] {
      return name == "a robot" ? RobotOfTerms(2) : TaskFamilies::NewMaker(name)->Make();
    };
    const auto plain = make();
    const auto wide = Adjust(make(), {.action_range = 8});  // a power of two: exact
    EXPECT_EQ(plain->spec().action_range, 1);
    EXPECT_EQ(wide->spec().action_range, 8);
    const Vector task = SampleTasks(*plain, 1, Phase::kTrain, {.count = 1}).col(0);
    const Vector action = Vector::LinSpaced(plain->spec().action_dim, -1.5, 0.7);
    Vector observations[2], memories[2];
    double rewards[2] = {};
    for (const int i : {0, 1}) {
      const TaskFamily& family = i == 0 ? *plain : *wide;
      const DataPtr data = MakeData(family.model());
      Vector memory = Vector::Zero(family.spec().memory_dim);
      Vector terms(family.spec().reward_terms.size());
      Rng reset = Address{}.Open(Purpose::kReset), observe = Address{}.Open(Purpose::kObserve);
      Simulation simulation{family.model(), *data, reset, observe, kGrown, memory};
      family.Reset(task, simulation);
      for (int k = 0; k < 3; ++k) {
        rewards[i] += family.Step(task, action * (i == 0 ? 1 : 8), simulation, terms).reward;
      }
      observations[i].resize(family.spec().observation_dim);
      family.Observe(task, simulation, observations[i]);
      memories[i] = memory.head(plain->spec().memory_dim);
    }
    EXPECT_EQ(observations[0], observations[1]);
    EXPECT_EQ(memories[0], memories[1]);
    EXPECT_EQ(rewards[0], rewards[1]);
  }
}

TEST(TaskAdjustment, TasksWithoutParametersCannotBeFixed) {
  const auto make = [] { return RobotOfTerms(1, /*has_command=*/false); };
  EXPECT_THROW(Adjust(make(), {.fixed = {1}}), UserError);
  EXPECT_EQ(Adjust(make(), {.action_range = 8})->spec().action_range, 8);
}

TEST(TaskAdjustment, AnEpisodeKnowsItsIterationOfTraining) {
  class Knows : public FamilyDecorator {
   public:
    explicit Knows(std::int64_t& iteration)
        : FamilyDecorator(RobotOfTerms(1)), iteration_(iteration) {}
    Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
                 VectorOut reward_terms) const override {
      iteration_ = simulation.iteration;
      return FamilyDecorator::Step(task, action, simulation, reward_terms);
    }

   private:
    std::int64_t& iteration_;
  };
  std::int64_t known = 0;
  const auto family = Adjust(std::make_unique<Knows>(known), {.action_range = 8});
  Stage stage(*family);
  stage.Reset(SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0), {.seed = 1}, 7);
  stage.Step(Vector::Zero(family->spec().action_dim));
  EXPECT_EQ(known, 7);
}

}  // namespace
}  // namespace anole
