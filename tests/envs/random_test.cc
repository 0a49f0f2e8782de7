#include "envs/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace anole {
namespace {

using Block = std::array<std::uint32_t, 4>;

Block FirstBlock(Rng rng) { return {rng(), rng(), rng(), rng()}; }

// From the known-answer file of Random123 1.14, philox4x32 with 10 rounds.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(FirstBlock(Rng(0, {0, 0, 0, 0})),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(FirstBlock(Rng(~std::uint64_t{0}, {~0U, ~0U, ~0U, ~0U})),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(FirstBlock(Rng(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344})),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, GoesOnToTheNextBlock) {
  Rng rng(0, {0, 0, 0, 0});
  for (int i = 0; i < 4; ++i) rng();
  EXPECT_EQ(FirstBlock(rng), FirstBlock(Rng(0, {1, 0, 0, 0})));
}

TEST(Rng, UniformStaysInRangeWithTheRightMoments) {
  Rng rng = Address{.seed = 7}.Open(Purpose::kTask);
  double sum = 0, square = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.Uniform(-2, 4);
    ASSERT_GE(x, -2);
    ASSERT_LT(x, 4);
    sum += x;
    square += x * x;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 1, 0.02);                            // 5 standard errors
  EXPECT_NEAR(square / kDraws - mean * mean, 3, 0.035);  // (4 + 2)^2 / 12
}

TEST(Rng, NormalHasTheRightMoments) {
  Rng rng = Address{.seed = 8}.Open(Purpose::kAction);
  double sum = 0, square = 0, fourth = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.Normal();
    sum += x;
    square += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.0112);
  EXPECT_NEAR(square / kDraws, 1, 0.016);
  EXPECT_NEAR(fourth / kDraws, 3, 0.11);
}

// Philox is a bijection of counters for each key, so two streams share their first block only if
// their addresses were packed into the same counter.
TEST(Address, PackingIsInjectiveAtTheExtremes) {
  const auto extremes = [](std::int64_t max) {
    return std::array<std::int64_t, 4>{0, 1, max - 1, max};
  };
  std::set<Block> blocks;
  std::size_t addresses = 0;
  for (const std::int64_t iteration : extremes(Address::kMaxIteration)) {
    for (const std::int64_t task : extremes(Address::kMaxTask)) {
      for (const std::int64_t inner_step : extremes(Address::kMaxInnerStep)) {
        for (const std::int64_t rollout : extremes(Address::kMaxRollout)) {
          for (const Phase phase : {Phase::kTrain, Phase::kValidation, Phase::kTest}) {
            for (int purpose = 0; purpose <= static_cast<int>(Purpose::kLearner); ++purpose) {
              const Address address{.seed = 3,
                                    .phase = phase,
                                    .iteration = iteration,
                                    .task = task,
                                    .inner_step = inner_step,
                                    .rollout = rollout};
              blocks.insert(FirstBlock(address.Open(static_cast<Purpose>(purpose))));
              ++addresses;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(blocks.size(), addresses);
}

TEST(Address, SeedsDiffer) {
  EXPECT_NE(FirstBlock(Address{.seed = 1}.Open(Purpose::kInit)),
            FirstBlock(Address{.seed = std::uint64_t{1} << 32U}.Open(Purpose::kInit)));
}

}  // namespace
}  // namespace anole
