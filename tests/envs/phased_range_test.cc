// Ranges of tasks that grow while training goes on.
#include "envs/phased_range.h"

#include <gtest/gtest.h>

#include "configs/user_error.h"
#include "envs/task_family.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

TEST(PhasedRangeTest, TrainingBeginsWithItsStart) {
  const PhasedRange range{
      .range = {-1, 3}, .test_range = {4, 5}, .start_range = {0, 1}, .growth = 10};
  EXPECT_EQ(range.At({.index = 0}), (TaskRange{0, 1}));
  EXPECT_EQ(range.At({.index = 5}), (TaskRange{-0.5, 2}));
  EXPECT_EQ(range.At({.index = 10}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 1000}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 0, .phase = Phase::kValidation}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 0, .phase = Phase::kTest}), (TaskRange{4, 5}));
}

TEST(PhasedRangeTest, AStartLiesWithinAndIsLeft) {
  PhasedRange range{.range = {0, 1}, .test_range = {}, .start_range = {-1, 1}, .growth = 5};
  EXPECT_THROW(range.Check("task."), OptionError);
  range.start_range = {0.5, 0.6};
  range.Check("task.");
  range.growth = 0;
  EXPECT_THROW(range.Check("task."), OptionError);
}

TEST(PhasedRangeTest, AFamilysTasksGrowHarder) {
  const auto family = MakeWith("cheetah-velocity",
                               "[task]\nrange = [0, 4]\nstart_range = [0, 0.5]\n"
                               "growth_tasks = 100\n");
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 1000});
  EXPECT_LT(tasks.leftCols(10).maxCoeff(), 0.9);
  EXPECT_GT(tasks.rightCols(900).maxCoeff(), 3.5);
  EXPECT_GT(SampleTasks(*family, 1, Phase::kValidation, {.count = 20}).maxCoeff(), 2);
}

}  // namespace
}  // namespace anole
