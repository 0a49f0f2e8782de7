#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "agents/parallel_for.h"

namespace anole {
namespace {

TEST(ParallelFor, RunsEachIndexOnceAlsoWhenNested) {
  for (const int threads : {1, 2, 3, 8}) {
    std::vector<std::atomic<int>> counts(40);
    WithThreads(threads, [&] {
      ParallelFor(8, [&](std::int64_t i) {
        ParallelFor(5, [&](std::int64_t j) { ++counts[static_cast<std::size_t>(5 * i + j)]; });
      });
    });
    for (const auto& count : counts) EXPECT_EQ(count, 1) << "with " << threads << " threads";
  }
}

// More than there may be cores, so that tests with many threads mean it.
TEST(ParallelFor, RunsOnAsManyThreadsAsAskedFor) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::atomic<int> here = 0;
  WithThreads(8, [&] {
    ParallelFor(8, [&](std::int64_t) {
      ++here;
      while (here < 8 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    });
  });
  EXPECT_LT(std::chrono::steady_clock::now(), give_up);
}

TEST(ParallelFor, OfNothingIsNothing) {
  ParallelFor(0, [](std::int64_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsAnException) {
  EXPECT_THROW(ParallelFor(10,
                           [](std::int64_t i) {
                             if (i == 7) throw std::runtime_error("seven");
                           }),
               std::runtime_error);
}

TEST(AvailableThreads, IsAtLeastOne) { EXPECT_GE(AvailableThreads(), 1); }

}  // namespace
}  // namespace anole
