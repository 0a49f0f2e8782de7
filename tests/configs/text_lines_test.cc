#include "configs/text_lines.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(Columns, AreNotBytes) { EXPECT_EQ(Columns("m/s\u00b2"), 4U); }

TEST(Wrap, BreaksBetweenWordsAndKeepsLineBreaks) {
  EXPECT_EQ(Wrap("a bb ccc\n\ndddddd e", 4),
            (std::vector<std::string>{"a bb", "ccc", "", "dddddd", "e"}));
  EXPECT_TRUE(Wrap("").empty());
}

TEST(Beside, GoesBelowWhereThereIsNoRoom) {
  const std::string text(70, 'x');
  EXPECT_EQ(Beside("  a", "b c", 6), "  a   b c\n");
  EXPECT_EQ(Beside("  long", "b", 6), "  long\n      b\n");
  EXPECT_EQ(Beside("", "b", 2), "  b\n");
  EXPECT_EQ(Beside("  a", text + " c", 8), "  a     " + text + " c\n");
  EXPECT_EQ(Beside("  a", text + " cc", 8), "  a     " + text + "\n        cc\n");
}

}  // namespace
}  // namespace anole
