#include "tools/run/logs/health_watch.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace anole {
namespace {

namespace fs = std::filesystem;

class HealthWatchTest : public testing::Test {
 protected:
  HealthWatchTest() { fs::create_directories(folder_); }
  ~HealthWatchTest() override { fs::remove_all(folder_); }

  // So many rows, in all of which the share of refused updates is the same.
  void Observe(HealthWatch& watch, int rows, double refused) {
    for (int i = 0; i < rows; ++i) watch.Observe({{"inner/refused", refused}}, ++iteration_);
  }

  // When that began, and by when it was over; -1: it is not.
  std::vector<std::pair<std::int64_t, std::int64_t>> Told() const {
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
    for (const StoredWarning& warning : history_.warnings()) {
      told.emplace_back(warning.iteration, warning.over.value_or(-1));
    }
    return told;
  }

  using List = std::vector<std::pair<std::int64_t, std::int64_t>>;
  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  RunHistory history_ = RunHistory((fs::create_directories(folder_), folder_), {}, 1, 1, 1);
  std::int64_t iteration_ = 0;
};

TEST_F(HealthWatchTest, SaysWhenItIsOverAndWhenItComesBack) {
  HealthWatch watch(history_, {});
  Observe(watch, 4, 1);
  EXPECT_EQ(Told(), List{});
  Observe(watch, 4, 1);
  EXPECT_EQ(Told(), (List{{5, -1}}));
  Observe(watch, 9, 0);
  EXPECT_EQ(Told(), (List{{5, -1}})) << "it may come back";
  Observe(watch, 1, 0);
  EXPECT_EQ(Told(), (List{{5, 18}}));
  Observe(watch, 5, 1);
  EXPECT_EQ(Told(), (List{{5, -1}})) << "told once";
}

TEST_F(HealthWatchTest, KnowsWhatEarlierStartsTold) {
  {
    HealthWatch watch(history_, {});
    Observe(watch, 5, 1);
  }
  HealthWatch watch(history_, {});
  Observe(watch, 10, 0);
  EXPECT_EQ(Told(), (List{{5, 15}}));
}

}  // namespace
}  // namespace anole
