#include "tools/run/logs/metrics_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace anole {
namespace {

namespace fs = std::filesystem;

class MetricsLogTest : public testing::Test {
 protected:
  MetricsLogTest() { fs::create_directories(folder_); }
  ~MetricsLogTest() override { fs::remove_all(folder_); }

  MetricsLog Open(std::int64_t iteration) const { return {csv_, jsonl_, iteration}; }

  static std::string Text(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::path csv_ = folder_ / "metrics.csv", jsonl_ = folder_ / "metrics.jsonl";
};

TEST_F(MetricsLogTest, WhatIsNoNumberIsLeftEmpty) {
  Open(0).Write({{"iteration", 1}, {"a", std::nan("")}, {"b", 0.1}});
  EXPECT_EQ(Text(csv_), "iteration,a,b\n1,,0.1\n");
  EXPECT_EQ(Text(jsonl_), "{\"iteration\":1,\"a\":null,\"b\":0.1}\n");
}

TEST_F(MetricsLogTest, AnOlderRunGoesOnWithMoreColumns) {
  Open(0).Write({{"iteration", 1}, {"a", 0.25}, {"gone", 3}});
  MetricsLog log = Open(1);
  log.Write({{"iteration", 2}, {"new", 7}, {"a", 0.5}, {"newer", 8}});
  log.Write({{"iteration", 3}, {"new", 9}, {"a", 1}, {"newer", 10}});
  log.Sync();
  EXPECT_EQ(Text(csv_),
            "iteration,a,gone,new,newer\n"
            "1,0.25,3,,\n"
            "2,0.5,,7,8\n"
            "3,1,,9,10\n");
  EXPECT_EQ(Text(jsonl_),
            "{\"iteration\":1,\"a\":0.25,\"gone\":3}\n"
            "{\"iteration\":2,\"new\":7,\"a\":0.5,\"newer\":8}\n"
            "{\"iteration\":3,\"new\":9,\"a\":1,\"newer\":10}\n");
  const MetricsTable table = ReadMetrics(csv_);
  EXPECT_TRUE(std::isnan(table.rows[0][4]));
  EXPECT_EQ(table.rows[2][4], 10);
}

TEST_F(MetricsLogTest, LaterRowsAndARowCutShortAreCutOff) {
  {
    MetricsLog log = Open(0);
    for (double i = 1; i <= 3; ++i) log.Write({{"iteration", i}, {"a", i}});
  }
  std::ofstream(csv_, std::ios::app) << "4,";
  Open(2).Write({{"iteration", 3}, {"a", 33}, {"b", 1}});
  EXPECT_EQ(Text(csv_), "iteration,a,b\n1,1,\n2,2,\n3,33,1\n");
}

}  // namespace
}  // namespace anole
