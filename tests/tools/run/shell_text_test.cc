#include "tools/run/shell_text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace anole {
namespace {

// What bash makes of a text.
std::string Echo(const std::string& text) {
  const std::string command = "exec bash -c \"$(cat <<'END'\nprintf %s " + text + "\nEND\n)\"";
  FILE* const shell = popen(command.c_str(), "r");
  std::array<char, 1000> read{};
  const std::size_t size = fread(read.data(), 1, read.size(), shell);
  pclose(shell);
  return {read.data(), size};
}

TEST(ShellWord, IsReadBackByAShell) {
  for (const std::string word : {"runs/a", "my runs/a", "it's", "a\"b", "$HOME", "*", "a;b", "~",
                                 "two\nlines", "tab\tand'quote\\", "\u00e9t\u00e9", "#", "!"}) {
    EXPECT_EQ(Echo(ShellWord(word)), word);
    EXPECT_EQ(ShellWord(word).find('\n'), std::string::npos);
  }
}

TEST(ShellWord, LeavesPlainWordsAsTheyAre) {
  EXPECT_EQ(ShellWord("runs/a-1_b.toml"), "runs/a-1_b.toml");
  EXPECT_EQ(ShellWord(""), "''");
}

TEST(ShellPath, IsNoOption) {
  EXPECT_EQ(ShellPath("-x"), "./-x");
  EXPECT_EQ(ShellPath("--my run"), "'./--my run'");
  EXPECT_EQ(ShellPath("a/-x"), "a/-x");
}

}  // namespace
}  // namespace anole
