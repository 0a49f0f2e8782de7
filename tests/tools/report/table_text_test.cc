#include "tools/report/table_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "configs/text_lines.h"
#include "configs/user_error.h"

namespace anole::report {
namespace {

TEST(SharedDecimals, TellNeighboursApart) {
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(1.108, 1.085)), 2);
  EXPECT_EQ(SharedDecimals(Eigen::Vector3d(10.04, 10.01, 9.5)), 2);
  EXPECT_EQ(SharedDecimals(Eigen::Vector3d(-220.6, -140.5, -109.4)), 1);
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(5123, 4987)), 0);
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(0.0283, 0.0244)), 4);
}

TEST(SharedDecimals, ShowSmallNumbersBesideLargeOnes) {
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(539, 0.004)), 3);
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(539, 1e-9)), 1) << "not at any price";
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(0, 0)), 1);
  EXPECT_EQ(SharedDecimals(Eigen::Vector2d(std::nan(""), 20)), 1);
  EXPECT_EQ(SharedDecimals(Vector()), 1);
}

TEST(DecimalText, SaysWhatIsNoNumberAndNoMinusNothing) {
  EXPECT_EQ(DecimalText(-12.345, 2), "-12.35");
  EXPECT_EQ(DecimalText(std::nan(""), 2), "-");
  EXPECT_EQ(DecimalText(INFINITY, 2), "-");
  EXPECT_EQ(DecimalText(-0.001, 1), "0.0");
}

std::size_t Widest(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

TEST(TableText, OfFewColumnsHasOneLineOfHeadings) {
  EXPECT_EQ(TableText({{"updates", {"0", "1"}}, {"worst tenth", {"-3", "12.5"}}}),
            "updates  worst tenth\n      0           -3\n      1         12.5\n");
}

TEST(TableText, SetsWordsToTheLeft) {
  EXPECT_EQ(TableText({{"method", {"a", "reptile"}, 0, true}, {"0", {"-3", "12.5"}}}),
            "method      0\na          -3\nreptile  12.5\n");
}

TEST(MarkdownTable, IsOneTableHoweverWide) {
  EXPECT_EQ(MarkdownTable({{"method", {"a", "b"}}, {"worst tenth", {"-3", "12.5"}}}),
            "| method | worst tenth |\n|---|---|\n| a | -3 |\n| b | 12.5 |\n");
}

TEST(TableText, FoldsHeadingsWhereTheyAreTooWide) {
  const std::vector<TableColumn> columns(8, {"worst tenth", {"-3.25"}});
  const std::string text = TableText(columns);
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  EXPECT_LE(Widest(text), kTextWidth);
}

TEST(TableText, GoesOnBelowWithTheKeysAgain) {
  std::vector<TableColumn> columns = {{"goal", {"1", "2"}}};
  for (int k = 0; k <= 32; ++k) {
    columns.push_back({std::to_string(k) + " updates", {"1.25", "3.5"}});
  }
  const std::string text = TableText(columns);
  EXPECT_LE(Widest(text), kTextWidth);
  std::size_t keys = 0;
  std::size_t at = text.find("goal");
  for (; at != std::string::npos; at = text.find("goal", at + 1)) ++keys;
  EXPECT_GT(keys, 1U);
  EXPECT_NE(text.find("32"), std::string::npos);
}

TEST(TableText, OneColumnMayBeTooWide) {
  EXPECT_NE(TableText({{"a", {"1"}}, {"b", {std::string(200, 'x')}}}).find("xxx"),
            std::string::npos);
  EXPECT_EQ(TableText({{"a", {"1"}}}), "a\n1\n");
}

TEST(FormedTable, IsForPapersAndProgramsToo) {
  const std::vector<TableColumn> columns = {{.name = "a_b", .cells = {"x, y", "q"}, .words = true},
                                            {.name = "%", .cells = {"1 +- 2", "\"3\""}}};
  EXPECT_EQ(FormedTable(TableForm::kLatex, "above\n", columns, "below\n"),
            "% above\n\\begin{tabular}{lr}\n\\toprule\na\\_b & \\% \\\\\n\\midrule\n"
            "x, y & 1 $\\pm$ 2 \\\\\nq & \"3\" \\\\\n\\bottomrule\n\\end{tabular}\n% below\n");
  EXPECT_EQ(FormedTable(TableForm::kLatex, "", {{"", {"-2.5 +- 1", "3 (-4, 1-5)", "-"}}}, ""),
            "\\begin{tabular}{r}\n\\toprule\n \\\\\n\\midrule\n$-$2.5 $\\pm$ 1 \\\\\n"
            "3 ($-$4, 1-5) \\\\\n- \\\\\n\\bottomrule\n\\end{tabular}\n");
  EXPECT_EQ(FormedTable(TableForm::kCsv, "above\n", columns, "below\n"),
            "a_b,%\n\"x, y\",1 +- 2\nq,\"\"\"3\"\"\"\n");
  EXPECT_EQ(FormedTable(TableForm::kMarkdown, "above\n", columns, ""),
            "above\n\n| a_b | % |\n|---|---|\n| x, y | 1 +- 2 |\n| q | \"3\" |\n");
  EXPECT_EQ(ParseTableForm("latex"), TableForm::kLatex);
  EXPECT_THROW(ParseTableForm("tex"), UserError);
}

}  // namespace
}  // namespace anole::report
