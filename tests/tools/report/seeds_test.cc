#include "tools/report/seeds.h"

#include <gtest/gtest.h>

#include "configs/user_error.h"

namespace anole::report {
namespace {

using Seeds = std::vector<std::int64_t>;

TEST(ParseSeeds, TakesRangesAndLists) {
  EXPECT_EQ(ParseSeeds("--seeds", "1-5"), (Seeds{1, 2, 3, 4, 5}));
  EXPECT_EQ(ParseSeeds("--seeds", "7"), Seeds{7});
  EXPECT_EQ(ParseSeeds("--seeds", "1,10-12,3"), (Seeds{1, 10, 11, 12, 3}));
}

TEST(ParseSeeds, RefusesAllElse) {
  for (const std::string text :
       {"", "a", "1-", "-3", "3-1", "1,,2", "1,1", "1-3,2", "1 2", "0-5000", "1,",
        "9223372036854775807", "9223372036854775806-9223372036854775807", "9000000000000001",
        "0-999,1000-1999"}) {
    EXPECT_THROW(ParseSeeds("--seeds", text), UserError) << text;
  }
}

}  // namespace
}  // namespace anole::report
