#include "tools/run/iteration_size.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(LongIterationText, SaysWhatIsVeryMuch) {
  InnerLoopSpec loop{.rolls_out = true, .batch_samples = 500'000 * 200};
  const Plan plan{.updates = 3, .rollouts = 500'000};
  TrainerOptions trainer{.batch_size = 1000};
  EXPECT_EQ(LongIterationText(loop, plan, trainer),
            "an iteration consumes up to 3e+11 environment steps, and there is nothing to see "
            "before the first one ends: 1000 tasks (meta.batch_size), each 3 batches of 500000 "
            "episodes (inner.rollouts)");
  loop.batch_samples = 20 * 200;
  trainer.batch_size = 40;
  EXPECT_EQ(LongIterationText(loop, {.updates = 5, .rollouts = 20}, trainer), "");
}

TEST(LongIterationText, CountsExamples) {
  EXPECT_EQ(LongIterationText({.batch_samples = 1'000'000}, {.updates = 1}, {.batch_size = 1000}),
            "an iteration consumes up to 1e+09 examples, and there is nothing to see before the "
            "first one ends: 1000 tasks (meta.batch_size), each 1 batch of 1000000 examples");
}

}  // namespace
}  // namespace anole
