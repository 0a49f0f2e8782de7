#include "envs/task_adjustment.h"

#include <gtest/gtest.h>

#include "configs/user_error.h"
#include "envs/mujoco.h"

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
    const DataPtr data = MakeData(family->model());
    Vector memory(family->spec().memory_dim), terms(2);
    Rng reset = Address{}.Open(Purpose::kReset), observe = Address{}.Open(Purpose::kObserve),
        step = Address{}.Open(Purpose::kStep);
    Simulation simulation{family->model(), *data, reset, observe, step, memory};
    family->Reset(task, simulation);
    family->Step(task, action, simulation, terms);
    observation->resize(family->spec().observation_dim);
    family->Observe(task, simulation, *observation);
  }
  EXPECT_EQ(Vector(observations[1].head(observations[0].size())), observations[0]);
  EXPECT_EQ(observations[1][observations[0].size()], 1.25);
}

}  // namespace
}  // namespace anole
