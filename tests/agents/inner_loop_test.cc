#include "agents/inner_loop.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(Plan, TheLastUpdateIsScoredWhereABatchIsDrawnAfterIt) {
  EXPECT_EQ(Plan{.updates = 3}.scored_updates(), 2);
  EXPECT_EQ(Plan{.updates = 3}.batches(), 3);
  const Plan scored{.updates = 3, .score_last = true};
  EXPECT_EQ(scored.scored_updates(), 3);
  EXPECT_EQ(scored.batches(), 4);
  for (const Derivative derivative :
       {Derivative::kAtPhi, Derivative::kAtTheta, Derivative::kAtAnyTheta}) {
    const Plan plan{.updates = 3, .derivative = derivative};
    EXPECT_EQ(plan.scored_updates(), 3);
    EXPECT_EQ(plan.batches(), 4);
  }
}

}  // namespace
}  // namespace anole
