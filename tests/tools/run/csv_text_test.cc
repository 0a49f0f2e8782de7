#include "tools/run/files/csv_text.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

constexpr const char* kPlain = "iteration,return/after,time/s\n1,-0.25,1e-05\n2,,3\n";

TEST(CsvTextTest, PlainTextStaysToTheLetter) {
  EXPECT_EQ(PlainCsv(kPlain), kPlain);
  EXPECT_EQ(PlainCsv("a,b\n1,2\n3,"), "a,b\n1,2\n3,");  // being written
  EXPECT_EQ(PlainCsv(""), "");
}

TEST(CsvTextTest, WhatSpreadsheetsMakeOfItIsUndone) {
  EXPECT_EQ(PlainCsv("\xEF\xBB\xBFiteration,return/after,time/s\r\n1,-0.25,1e-05\r\n2,,3\r\n"),
            kPlain);
  EXPECT_EQ(PlainCsv("iteration;return/after;time/s\r\n1;-0,25;1e-05\r\n2;;3"), kPlain);
  EXPECT_EQ(PlainCsv("iteration\treturn/after\ttime/s\n1\t-0.25\t1e-05\n2\t\t3\n"), kPlain);
  EXPECT_EQ(PlainCsv("\"iteration\",\"return/after\",\"time/s\"\n1,\"-0.25\",1e-05\n2,\"\",3\n"),
            kPlain);
}

}  // namespace
}  // namespace anole
