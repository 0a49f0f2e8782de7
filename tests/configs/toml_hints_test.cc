#include "configs/toml_hints.h"

#include <gtest/gtest.h>

#include "configs/settings.h"
#include "tests/configs/error_of.h"

namespace anole {
namespace {

TEST(TomlHint, NamesMissingQuotes) {
  const std::string text = "[task]\nfamily = cheetah-velocity # fast\nfile = ../a b.toml\n";
  EXPECT_EQ(TomlHint(text, 2), "; a text needs quotes: family = \"cheetah-velocity\"");
  EXPECT_EQ(TomlHint(text, 3), "; a text needs quotes: file = \"../a b.toml\"");
  EXPECT_EQ(TomlHint(text, 1), "");
  EXPECT_EQ(TomlHint(text, 9), "");
}

TEST(TomlHint, KnowsPython) {
  EXPECT_EQ(TomlHint("a = True", 1), "; write it in small letters: a = true");
  EXPECT_EQ(TomlHint("a=False\r\n", 1), "; write it in small letters: a = false");
  EXPECT_EQ(TomlHint("hidden = (64, 64)", 1), "; a list has square brackets: hidden = [64, 64]");
}

TEST(TomlHint, IsSilentOtherwise) {
  for (const char* line :
       {"a = true", "a = 3", "a = \"b", "a = [1, 2", "= x", "a =", "# a = b", ""}) {
    EXPECT_EQ(TomlHint(line, 1), "") << line;
  }
}

TEST(TomlHint, EndsTheMessageAboutTheLine) {
  const std::string error =
      ErrorOf([] { Settings::FromText("[task]\nfamily = cheetah-velocity\n", "run.toml"); });
  EXPECT_EQ(error.find("run.toml:2:"), 0u) << error;
  EXPECT_NE(error.find("; a text needs quotes: family = \"cheetah-velocity\""), std::string::npos);
}

TEST(DeepestName, CountsTables) {
  EXPECT_EQ(DeepestName(""), 0u);
  EXPECT_EQ(DeepestName("a.b.c = 1\n[d.e]"), 3u);
  EXPECT_EQ(DeepestName("a = [0.1, 0.2, 0.3, 0.4]\nb = 0.5"), 2u);
  EXPECT_EQ(DeepestName("a . \"b.c\" . d = 1"), 3u);
}

TEST(DeepestName, PassesOverTextAndRemarks) {
  EXPECT_EQ(DeepestName("a = \"................\" # ........"), 0u);
  EXPECT_EQ(DeepestName("a = '..\\'"), 0u);
  EXPECT_EQ(DeepestName("a = \"..\\\"..\"\nb = \"\"\"\n..\"..\"\"\""), 0u);
}

// A parser that calls itself for each level would end the process.
TEST(DeepestName, KeepsDeepNestingFromTheParser) {
  std::string name = "a";
  for (int i = 0; i < 200'000; ++i) name += ".a";
  for (const std::string& text : {name + " = 1", "[" + name + "]", "a = {" + name + " = 1}"}) {
    EXPECT_NE(ErrorOf([&] { Settings::FromText(text, "x"); }).find("nested deeper than"),
              std::string::npos);
  }
  Settings settings;
  settings.Set("a.b", "{" + name + " = 1}");
  EXPECT_TRUE(std::holds_alternative<std::string>(settings.Find("a.b")->value));
  const std::string lists = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_NE(ErrorOf([&] { Settings::FromText("a = " + lists, "x"); }), "");
}

}  // namespace
}  // namespace anole
