#include "tools/run/checkpoints.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace anole {
namespace {

namespace fs = std::filesystem;

class CheckpointsTest : public testing::Test {
 protected:
  CheckpointsTest() { fs::create_directories(folder_); }
  ~CheckpointsTest() override { fs::remove_all(folder_); }

  std::vector<std::int64_t> Stored() const {
    std::vector<std::int64_t> iterations;
    for (const fs::path& file : Checkpoints(folder_).Files()) {
      iterations.push_back(std::stoll(file.parent_path().filename().string().substr(5)));
    }
    return iterations;
  }

  void Write(std::int64_t iteration, std::int64_t period) {
    state_.iteration = iteration;
    Checkpoints(folder_).Write(state_, {}, {}, {.last = Retention::kSpread, .period = period});
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  MetaState state_;
};

TEST_F(CheckpointsTest, ManyAreThinnedEvenly) {
  state_.best = {1, 70, 0};
  for (std::int64_t i = 0; i <= 3000; i += 10) {
    Write(i, 10);
    EXPECT_LE(Stored().size(), 51u) << i;
  }
  const std::vector<std::int64_t> stored = Stored();
  for (const std::int64_t kept : {0, 70, 160, 1600, 2910, 2990, 3000}) {
    EXPECT_TRUE(std::ranges::binary_search(stored, kept)) << kept;
  }
  for (std::size_t i = 1; i < stored.size(); ++i) EXPECT_LE(stored[i] - stored[i - 1], 90);
}

TEST_F(CheckpointsTest, FewAreAllKept) {
  for (std::int64_t i = 0; i < 40; ++i) Write(i, 1);
  EXPECT_EQ(Stored().size(), 40u);
}

// Which ones stay does not depend on where the run was stopped.
TEST_F(CheckpointsTest, AStopShowsOnlyForAWhile) {
  for (std::int64_t i = 0; i <= 1000; i += 10) Write(i, 10);
  const std::vector<std::int64_t> undisturbed = Stored();
  Checkpoints(folder_).RemoveAll();
  for (std::int64_t i = 0; i <= 1000; i += 10) {
    Write(i, 10);
    if (i == 500) Write(503, 10);
  }
  EXPECT_EQ(Stored(), undisturbed);
}

}  // namespace
}  // namespace anole
