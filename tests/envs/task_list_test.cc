#include "envs/task_list.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

Matrix UniformTasks(std::uint64_t seed, Phase phase, const Slice& slice) {
  return SampleColumns(seed, phase, slice, [](Rng& rng, const TaskPlace& place) {
    return Vector::Constant(1, StratifiedUniform(rng, -2, 2, place));
  });
}

TEST(TaskList, EveryStratumGetsOneOfAsManyTasks) {
  const Matrix tasks = UniformTasks(1, Phase::kTrain, {.first = 30, .count = 10, .strata = 10});
  for (int i = 0; i < 10; ++i) {
    EXPECT_GE(tasks(0, i), -2 + 0.4 * i);
    EXPECT_LT(tasks(0, i), -2 + 0.4 * (i + 1));
  }
}

TEST(TaskList, AColumnDoesNotDependOnTheSliceThatAsksForIt) {
  const Matrix all = UniformTasks(1, Phase::kTrain, {.first = 0, .count = 12, .strata = 4});
  const Matrix some = UniformTasks(1, Phase::kTrain, {.first = 5, .count = 3, .strata = 4});
  EXPECT_EQ(all.middleCols(5, 3), some);
}

TEST(TaskList, AColumnKnowsItsPlace) {
  for (const Phase phase : {Phase::kTrain, Phase::kValidation, Phase::kTest}) {
    std::int64_t index = 7;
    SampleColumns(1, phase, {.first = 7, .count = 3, .strata = 2},
                  [&](Rng& /*rng*/, const TaskPlace& place) -> Vector {
                    EXPECT_EQ(place.index, index++);
                    EXPECT_EQ(place.strata, 2);
                    EXPECT_EQ(place.phase, phase);
                    return Vector::Zero(1);
                  });
    EXPECT_EQ(index, 10);
  }
}

TEST(TaskList, PhasesAndSeedsHaveListsOfTheirOwn) {
  const Slice slice{.count = 50, .strata = 1};
  const Matrix train = UniformTasks(1, Phase::kTrain, slice);
  for (const Matrix& other :
       {UniformTasks(1, Phase::kValidation, slice), UniformTasks(1, Phase::kTest, slice),
        UniformTasks(2, Phase::kTrain, slice)}) {
    for (const double task : other.reshaped()) EXPECT_FALSE((train.array() == task).any());
  }
}

}  // namespace
}  // namespace anole
