#include "configs/letters.h"

#include <gtest/gtest.h>

#include <string>

namespace anole {
namespace {

TEST(LettersTest, MovesLettersUpAndBack) {
  EXPECT_EQ(RaiseLetters("\u00e9"), "\U001000e9");
  EXPECT_EQ(RaiseLetters("a\u0080\u07ff\u0800\ud7ff\uffffz"),
            "a\U00100080\U001007ff\U00100800\U0010d7ff\U0010ffffz");
  for (const std::string text :
       {"", "plain", "m/s² – ü", "\u0080\u07ff\u0800\uffff", "\U0001f98e"}) {
    EXPECT_EQ(LowerLetters(RaiseLetters(text)), text);
  }
}

TEST(LettersTest, LeavesAsciiAndHighLettersAlone) {
  EXPECT_EQ(RaiseLetters("a = 1\n"), "a = 1\n");
  EXPECT_EQ(RaiseLetters("\U00010000\U0001f98e"), "\U00010000\U0001f98e");
  EXPECT_EQ(LowerLetters("\U00010000\U0001f98e"), "\U00010000\U0001f98e");
}

TEST(LettersTest, LeavesTheByteOrderMarkAlone) {
  EXPECT_EQ(RaiseLetters("\ufeffa"), "\ufeffa");
  EXPECT_EQ(RaiseLetters("a\ufeff"), "a\U0010feff");
}

TEST(LettersTest, LeavesWhatIsNoUtf8Alone) {
  for (const std::string text : {"\xff", "\x80", "\xc3", "\xc3(", "\xc1\xa9", "\xe2\x82",
                                 "\xe2(\x82", "\xe2\x82(", "\xe0\x9f\xbf", "\xed\xa0\x80"}) {
    EXPECT_EQ(RaiseLetters(text), text);
  }
  EXPECT_EQ(LowerLetters("\xf4\x80\x80"), "\xf4\x80\x80");
}

}  // namespace
}  // namespace anole
