// Successive halving and the spaces that trials come from.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "configs/settings.h"
#include "tests/configs/error_of.h"
#include "tools/report/tune/halving.h"
#include "tools/report/tune/space.h"

namespace anole::tune {
namespace {

const double kNone = std::nan("");

TEST(RungsTest, StepsGrowAsTrialsShrink) {
  const std::vector<Rung> rungs = Rungs(18, 9000, 3, 3);
  ASSERT_EQ(rungs.size(), 3u);
  EXPECT_EQ(rungs[0].trials, 18);
  EXPECT_EQ(rungs[1].trials, 6);
  EXPECT_EQ(rungs[2].trials, 2);
  EXPECT_EQ(rungs[0].env_steps, 1000);
  EXPECT_EQ(rungs[1].env_steps, 3000);
  EXPECT_EQ(rungs[2].env_steps, 9000);
}

TEST(RungsTest, ARungIsNoHalving) {
  const std::vector<Rung> rungs = Rungs(5, 100, 2, 1);
  ASSERT_EQ(rungs.size(), 1u);
  EXPECT_EQ(rungs[0].trials, 5);
  EXPECT_EQ(rungs[0].env_steps, 100);
}

TEST(RungsTest, NoTrialIsLeftAfterTooManyOfThem) {
  EXPECT_EQ(Rungs(4, 100, 3, 3).back().trials, 0);
}

using Order = std::vector<std::size_t>;

TEST(RankingTest, WhoHasComeFurtherIsAhead) {
  EXPECT_EQ(Ranking({{9}, {5, 1}, {6, 2}, {8}}, true), (Order{2, 1, 0, 3}));
}

TEST(RankingTest, LossesAreBetterTheLower) {
  EXPECT_EQ(Ranking({{3}, {1}, {2}}, false), (Order{1, 2, 0}));
}

TEST(RankingTest, NoNumberIsLastWhicheverIsBetter) {
  EXPECT_EQ(Ranking({{kNone}, {-1e9}, {1e9}}, true), (Order{2, 1, 0}));
  EXPECT_EQ(Ranking({{kNone}, {-1e9}, {1e9}}, false), (Order{1, 2, 0}));
}

TEST(RankingTest, EqualOnesKeepTheirOrder) {
  EXPECT_EQ(Ranking({{1}, {1}, {2}, {}, {1}}, true), (Order{2, 0, 1, 4, 3}));
}

Space SpaceOf(const std::string& toml) {
  Space space;
  const Settings settings = Settings::FromText("[a]\n" + toml, "spec.toml", Depth::kAny);
  for (const Setting& setting : settings.all()) space.push_back(ToDimension(setting));
  return space;
}

TEST(SpaceTest, ValuesKeepTheirPlaceAndKind) {
  const Space space = SpaceOf("b = [1, 2.5]\nc = [\"x\", true, [64, 64]]\n");
  ASSERT_EQ(space.size(), 2u);
  EXPECT_EQ(space[0].values[1].Where(), "spec.toml:2:1: a.b = 2.5");
  ASSERT_EQ(space[1].values.size(), 3u);
  EXPECT_EQ(space[1].values[0].value, SettingValue("x"));
  EXPECT_EQ(space[1].values[1].value, SettingValue(true));
  EXPECT_EQ(ValueText(space[1].values[2].value), "[64, 64]");
  EXPECT_EQ(Combinations(space), 6u);
  EXPECT_EQ(Combinations({}), 1u);
}

TEST(SpaceTest, RefusesWhatIsNoListOfDifferentValues) {
  EXPECT_EQ(ErrorOf([] { SpaceOf("b = 1\n"); }),
            "spec.toml:2:1: a.b = 1: must be a list of the values to try, as in [0.1, 0.3]");
  EXPECT_EQ(ErrorOf([] { SpaceOf("b = []\n"); }),
            "spec.toml:2:1: a.b = []: must be 1 value or more");
  EXPECT_EQ(ErrorOf([] { SpaceOf("b = [1, 2, 1]\n"); }),
            "spec.toml:2:1: a.b = [1, 2, 1]: 1 is there twice");
}

TEST(DrawTest, AllOfASmallSpaceInOrder) {
  const auto drawn = Draw(SpaceOf("b = [1, 2]\nc = [1, 2, 3]\n"), 6, 7);
  ASSERT_EQ(drawn.size(), 6u);
  EXPECT_EQ(drawn[0], (std::vector<std::size_t>{0, 0}));
  EXPECT_EQ(drawn[1], (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(drawn[5], (std::vector<std::size_t>{1, 2}));
}

TEST(DrawTest, DifferentOnesOfALargeSpaceByTheSeed) {
  const Space space = SpaceOf("b = [1, 2, 3, 4]\nc = [1, 2, 3, 4]\nd = [1, 2, 3, 4]\n");
  const auto few = Draw(space, 10, 0), more = Draw(space, 60, 0), other = Draw(space, 10, 1);
  EXPECT_EQ(std::set(more.begin(), more.end()).size(), 60u);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), more.begin()));
  EXPECT_NE(few, other);
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    std::set<std::size_t> places;
    for (const auto& combination : more) places.insert(combination[dimension]);
    EXPECT_EQ(places, (std::set<std::size_t>{0, 1, 2, 3}));
  }
}

TEST(DrawTest, HugeSpacesAreNoTrouble) {
  std::string toml;
  for (int i = 0; i < 40; ++i) toml += "o" + std::to_string(i) + " = [1, 2, 3]\n";
  const Space space = SpaceOf(toml);
  EXPECT_EQ(Combinations(space), std::uint64_t{1} << 62);
  EXPECT_EQ(Draw(space, 5, 0).size(), 5u);
}

}  // namespace
}  // namespace anole::tune
