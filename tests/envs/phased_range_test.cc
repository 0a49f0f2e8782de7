// Ranges of tasks that grow while training goes on.
#include "envs/phased_range.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "configs/user_error.h"
#include "envs/task_family.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

TEST(PhasedRangeTest, TrainingBeginsWithItsStart) {
  const PhasedRange range{
      .range = {-1, 3}, .test_range = {4, 5}, .start_range = {0, 1}, .growth = {.whole = 10}};
  EXPECT_EQ(range.At({.index = 0}), (TaskRange{0, 1}));
  EXPECT_EQ(range.At({.index = 5}), (TaskRange{-0.5, 2}));
  EXPECT_EQ(range.At({.index = 10}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 1000}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 0, .phase = Phase::kValidation}), (TaskRange{-1, 3}));
  EXPECT_EQ(range.At({.index = 0, .phase = Phase::kTest}), (TaskRange{4, 5}));
}

TEST(PhasedRangeTest, AStartLiesWithinAndIsLeft) {
  PhasedRange range{
      .range = {0, 1}, .test_range = {}, .start_range = {-1, 1}, .growth = {.whole = 5}};
  EXPECT_THROW(range.Check("task."), OptionError);
  range.start_range = {0.5, 0.6};
  range.Check("task.");
  range.growth.whole = 0;
  EXPECT_THROW(range.Check("task."), OptionError);
}

TEST(GrowingTest, GrowsEvenlyOrInEqualSteps) {
  const Growing evenly{.whole = 10};
  EXPECT_EQ(evenly.At(0, 1, 3), 1);
  EXPECT_EQ(evenly.At(5, 1, 3), 2);
  EXPECT_EQ(evenly.At(10, 1, 3), 3);
  EXPECT_EQ(evenly.At(1000, 1, 3), 3);
  const Growing in_steps{.whole = 9, .steps = 3};
  std::vector<double> values;
  for (std::int64_t index = 0; index < 10; ++index) values.push_back(in_steps.At(index, 0, 3));
  EXPECT_EQ(values, (std::vector<double>{0, 0, 0, 1, 1, 1, 2, 2, 2, 3}));
  // A step begins with the very task or iteration, whatever the numbers are.
  const Growing long_growth{.whole = 49 * 7, .steps = 49};
  for (std::int64_t step = 0; step <= 49; ++step) {
    EXPECT_NEAR(long_growth.At(7 * step, 0, 49), static_cast<double>(step), 1e-9);
  }
  EXPECT_EQ(Growing().At(0, 1, 3), 3);
  in_steps.Check();
  EXPECT_THROW((Growing{.whole = 2, .steps = 3}.Check()), OptionError);
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
