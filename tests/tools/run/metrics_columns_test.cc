// Every figure of a run is a column that says what it is.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "agents/parallel_for.h"
#include "tools/run/run.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// Trains a run of two iterations; its columns, each of which is described.
std::set<std::string> ColumnsOf(const std::string& config) {
  const fs::path folder =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  Run run = Run::Create(
      Experiment(Settings::FromText(config + "[meta]\nbatch_size = 2\niterations = 2\n", "test")),
      folder, /*overwrite=*/true);
  const std::vector<Column> columns = MetricsColumns(run.loop().spec());
  std::set<std::string> names;
  WithThreads(1, [&] {
    run.Train({.on_iteration = [&](const Run& /*run*/, const MetricsRow& row) {
      for (const auto& [name, value] : row) {
        const Column* const column = FindColumn(columns, name);
        EXPECT_TRUE(column != nullptr && !column->help.empty()) << name;
        names.insert(name);
      }
    }});
  });
  fs::remove_all(folder);
  return names;
}

TEST(MetricsColumns, DescribeAllThatControlMeasures) {
  const auto names = ColumnsOf(
      "[task]\nfamily = 'point-navigation'\nhorizon = 5\n[policy]\nhidden = [4]\n"
      "[inner]\nupdates = 2\nrollouts = 2\n[validation]\nevery = 1\ntasks = 2\nrollouts = 2\n");
  for (const char* name : {"return/after_1", "kl/update_2", "inner/clipped", "time/env_steps_per_s",
                           "validation/after_2", "validation/worst_tenth"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(MetricsColumns, DescribeAllThatDataTell) {
  const auto names = ColumnsOf("[task]\nfamily = 'sine'\n[inner]\nupdates = 2\n");
  for (const char* name : {"loss/before", "gradient_norm/update_1", "examples"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(MetricsColumns, AreFoundByNamesWithNumbers) {
  const std::vector<Column> columns = {{"a/after_K", "", "x"}, {"a/after", "", "y"}};
  EXPECT_EQ(FindColumn(columns, "a/after_12"), &columns[0]);
  EXPECT_EQ(FindColumn(columns, "a/after"), &columns[1]);
  EXPECT_EQ(FindColumn(columns, "a/after_"), nullptr);
  EXPECT_EQ(FindColumn(columns, "a/before"), nullptr);
}

}  // namespace
}  // namespace anole
