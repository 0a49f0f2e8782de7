#include "configs/excerpt.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(Excerpt, LeavesShortTextAsItIs) {
  EXPECT_EQ(Excerpt(""), "");
  EXPECT_EQ(Excerpt("abc", 3), "abc");
}

TEST(Excerpt, ShowsBothEndsOfALongOne) {
  EXPECT_EQ(Excerpt("begin" + std::string(1'000'000, '-') + "end", 9),
            "begin- ... end (1000008 bytes)");
}

TEST(Excerpt, KeepsLettersWhole) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\u00e9";  // two bytes each
  for (std::size_t longest = 9; longest < 20; ++longest) {
    const std::string excerpt = Excerpt(text, longest);
    const std::string first = excerpt.substr(0, excerpt.find(" ... "));
    const std::string last = excerpt.substr(first.size() + 5);
    EXPECT_EQ(first.size() % 2, 0u) << longest;
    EXPECT_EQ(last.find('('), last.find(' ') + 1);
    EXPECT_EQ(last.find(' ') % 2, 0u) << longest;
  }
}

TEST(Excerpt, BearsBytesThatAreNoLetters) {
  EXPECT_LT(Excerpt(std::string(5000, '\x80'), 100).size(), 150u);
}

TEST(OneLine, HasNothingThatATerminalTakesForACommand) {
  EXPECT_EQ(OneLine("a\nb\tc\x1b[2J\x7f"), "a b\\x09c\\x1b[2J\\x7f");
  EXPECT_EQ(OneLine("\xC2\x9B"
                    "31m"),
            "\\x9b31m");
  EXPECT_EQ(OneLine("größe [m/s²]"), "größe [m/s²]");
  EXPECT_EQ(OneLine("\xC2"), "\xC2");
}

}  // namespace
}  // namespace anole
