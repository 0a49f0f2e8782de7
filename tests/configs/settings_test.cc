#include "configs/settings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/configs/error_of.h"

namespace anole {
namespace {

Settings Parse(const std::string& toml) { return Settings::FromText(toml, "run.toml"); }

std::string ParseError(const std::string& toml) {
  return ErrorOf([&] { Parse(toml); });
}

Setting Typed(const std::string& text) {
  Settings settings;
  settings.Set("a.b", text);
  return *settings.Find("a.b");
}

const SettingValue kOne = Number(std::int64_t{1});

TEST(SettingsFileTest, KeepsValuesWithTheirPlaces) {
  const Settings settings = Parse(
      "[task]\n"
      "family = \"ant\"  # a comment\n"
      "  range = [-2, 2.5]\n"
      "[inner]\n"
      "adapt = true\n");
  ASSERT_EQ(settings.all().size(), 3u);

  const Setting& family = *settings.Find("task.family");
  EXPECT_EQ(std::get<std::string>(family.value), "ant");
  EXPECT_EQ(family.origin, "run.toml:2:1");
  EXPECT_EQ(family.Where(), "run.toml:2:1: task.family = \"ant\"");
  EXPECT_FALSE(family.typed);

  const Setting& range = *settings.Find("task.range");
  EXPECT_EQ(std::get<std::vector<Number>>(range.value),
            (std::vector<Number>{std::int64_t{-2}, 2.5}));
  EXPECT_EQ(range.Where(), "run.toml:3:3: task.range = [-2, 2.5]");

  EXPECT_TRUE(std::get<bool>(settings.Find("inner.adapt")->value));
  EXPECT_EQ(settings.Find("inner.other"), nullptr);
}

TEST(SettingsFileTest, KeepsTheOrderOfTheFile) {
  const Settings settings = Parse("[z]\nb = 1\na = 2\n[a]\nc = 3\n");
  ASSERT_EQ(settings.all().size(), 3u);
  EXPECT_EQ(settings.all()[0].name, "z.b");
  EXPECT_EQ(settings.all()[1].name, "z.a");
  EXPECT_EQ(settings.all()[2].name, "a.c");
}

TEST(SettingsFileTest, ListsOfAnyValuesAreForDeepFiles) {
  const std::string toml = "[space]\nwords = [\"a\", true, [1, 2]]\nnumbers = [1, 0.5]\n";
  const Settings settings = Settings::FromText(toml, "spec.toml", Depth::kAny);
  const auto& words = std::get<std::vector<PlainValue>>(settings.Find("space.words")->value);
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[0], PlainValue("a"));
  EXPECT_EQ(words[1], PlainValue(true));
  EXPECT_EQ(words[2], PlainValue(std::vector<Number>{std::int64_t{1}, std::int64_t{2}}));
  EXPECT_EQ(std::get<std::vector<Number>>(settings.Find("space.numbers")->value).size(), 2u);
  EXPECT_EQ(settings.Find("space.words")->Where(),
            "spec.toml:2:1: space.words = [\"a\", true, [1, 2]]");
  EXPECT_NE(ParseError(toml).find("run.toml:2:1: space.words: a value is"), std::string::npos);
}

TEST(SettingsFileTest, ReadsDeepNamesWhereTheyAreAllowed) {
  const std::string toml = "[method.joint]\ntask.mixture = true\n[method.plain]\n[all]\nx = 1\n";
  const Settings settings = Settings::FromText(toml, "spec.toml", Depth::kAny);
  ASSERT_EQ(settings.all().size(), 3u);
  EXPECT_EQ(settings.all()[0].name, "method.joint.task.mixture");
  EXPECT_EQ(settings.all()[0].origin, "spec.toml:2:6");
  EXPECT_EQ(settings.all()[1].name, "method.plain") << "an empty table counts";
  EXPECT_EQ(settings.all()[2].name, "all.x");
  EXPECT_NE(ParseError(toml), "") << "an experiment has sections and options only";
}

TEST(SettingsFileTest, ReadsDottedKeysAsSections) {
  EXPECT_EQ(Parse("inner.steps = 1").Find("inner.steps")->value, kOne);
}

TEST(SettingsFileTest, AcceptsAnEmptyFile) { EXPECT_TRUE(Parse("").all().empty()); }

TEST(SettingsFileTest, RefusesWhatIsNotToml) {
  EXPECT_EQ(ParseError("[inner]\nsteps = \n").substr(0, 14), "run.toml:2:9: ");
  EXPECT_EQ(ParseError("[a]\nb = [}\n").substr(0, 12), "run.toml:2:6");
  const std::string twice = ParseError("[a]\nb = 1\nb = 2\n");
  EXPECT_EQ(twice.substr(0, 14), "run.toml:3:5: ");
  EXPECT_NE(twice.find("cannot redefine existing integer 'b'"), std::string::npos) << twice;
}

TEST(SettingsFileTest, AcceptsEveryLetterInQuotesAndComments) {
  const Settings settings = Parse("# é\n['ä']\n\"ö\" = \"\"\"\\\n  ü – \\u00e9 🦎\"\"\"  # é");
  EXPECT_EQ(settings.all().at(0).Where(), "run.toml:3:1: ä.ö = \"ü – é 🦎\"");
}

TEST(SettingsFileTest, RefusesLettersElsewhere) {
  const std::string message = ParseError("[a]\nb = 'é' é\n");
  EXPECT_EQ(message.substr(0, 14), "run.toml:2:9: ");
  EXPECT_NE(message.find("saw 'é'"), std::string::npos) << message;
}

TEST(SettingsFileTest, RefusesAKeyOutsideASection) {
  EXPECT_EQ(ParseError("\nseed = 1"),
            "run.toml:2:1: 'seed' stands outside a section; write it below a [section]");
}

TEST(SettingsFileTest, RefusesNestedSections) {
  EXPECT_EQ(ParseError("[a]\nb = 1\n[a.c]\nd = 1"),
            "run.toml:3:4: section [a.c] is too deep; a name is section.option");
  EXPECT_EQ(ParseError("[a]\nc = {d = 1}"),
            "run.toml:2:1: section [a.c] is too deep; a name is section.option");
}

TEST(SettingsFileTest, RefusesRepeatedSections) {
  EXPECT_EQ(ParseError("[[a]]\nb = 1"), "run.toml:1:3: [[a]]: write [a]; sections do not repeat");
}

TEST(SettingsFileTest, RefusesOtherTypes) {
  const std::string advice =
      "a.b: a value is true or false, a number, a text in quotes or a list of numbers";
  EXPECT_EQ(ParseError("[a]\nb = 2020-01-01"), "run.toml:2:1: " + advice);
  EXPECT_EQ(ParseError("[a]\nb = ['x']"), "run.toml:2:1: " + advice);
  EXPECT_EQ(ParseError("[a]\nb = [1, [2]]"), "run.toml:2:1: " + advice);
}

TEST(SettingsFileTest, ReportsTheFirstProblemOfTheFile) {
  EXPECT_EQ(ParseError("[z]\nb = ['x']\n[a]\nc = ['y']\n").substr(0, 17), "run.toml:2:1: z.b");
}

TEST(SettingsFileTest, RefusesFilesThatCannotBeRead) {
  const std::filesystem::path directory = testing::TempDir();
  const std::filesystem::path missing = directory / "no_such_file.toml";
  EXPECT_EQ(ErrorOf([&] { Settings::FromFile(missing); }), missing.string() + ": no such file");
  EXPECT_EQ(ErrorOf([&] { Settings::FromFile(directory); }),
            directory.string() + ": is a directory, not a TOML file");
  // Opens, but every read fails: also for root, whom permissions do not stop.
  const std::filesystem::path unreadable = "/proc/self/mem";
  if (!std::filesystem::exists(unreadable)) GTEST_SKIP() << "no /proc here";
  EXPECT_EQ(ErrorOf([&] { Settings::FromFile(unreadable); }), "/proc/self/mem: cannot be read");
}

TEST(SettingsFileTest, ReadsFilesAndNamesThemInErrors) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "settings_test.toml";
  std::ofstream(path) << "[a]\nb = 1\n";
  EXPECT_EQ(Settings::FromFile(path).Find("a.b")->origin, path.string() + ":2:1");
  std::ofstream(path) << "b = 1\n";
  EXPECT_EQ(ErrorOf([&] { Settings::FromFile(path); }).find(path.string() + ":1:1: 'b' stands"),
            0u);
  std::filesystem::remove(path);
}

TEST(SettingsTypedTest, OverridesTheFile) {
  Settings settings = Parse("[a]\nb = 2\nc = 3\n");
  settings.Set("a.b", "1");
  ASSERT_EQ(settings.all().size(), 2u);
  EXPECT_EQ(settings.Find("a.b")->value, kOne);
  EXPECT_EQ(settings.Find("a.b")->Where(), "--a.b=1");
  EXPECT_EQ(settings.all()[0].name, "a.c") << "the command line comes after the file";
}

TEST(SettingsTypedTest, ReadsTomlValues) {
  EXPECT_EQ(Typed("1").value, kOne);
  EXPECT_EQ(std::get<Number>(Typed("1e6").value), Number(1e6));
  EXPECT_TRUE(std::get<bool>(Typed("true").value));
  EXPECT_EQ(std::get<std::string>(Typed("'ant'").value), "ant");
  EXPECT_EQ(std::get<std::vector<Number>>(Typed("[1]").value),
            (std::vector<Number>{std::int64_t{1}}));
}

TEST(SettingsTypedTest, ReadsWhatPeopleType) {
  EXPECT_EQ(std::get<Number>(Typed(".5").value), Number(0.5));
  EXPECT_EQ(std::get<Number>(Typed("-.5").value), Number(-0.5));
  EXPECT_EQ(std::get<Number>(Typed("5.").value), Number(5.0));
  const std::vector<Number> list = {std::int64_t{-2}, 0.5};
  EXPECT_EQ(std::get<std::vector<Number>>(Typed("-2,.5").value), list);
  EXPECT_EQ(std::get<std::vector<Number>>(Typed("-2, .5").value), list);
}

TEST(SettingsTypedTest, TakesTheRestAsText) {
  for (const std::string text :
       {"ant", "runs/a b", "[1, 2", "1,x", "é", "1 é", "true,1", "2020-01-01", "{a = 1}", "",
        "say \"no\"", "C:\\x", "1\nother = 2", "0x", "--"}) {
    EXPECT_EQ(std::get<std::string>(Typed(text).value), text);
  }
}

TEST(SettingsTypedTest, KeepsTheTextAsTyped) { EXPECT_EQ(Typed("007").typed, "007"); }

TEST(SettingsTypedTest, RefusesBytesThatAreNoText) {
  EXPECT_EQ(ErrorOf([] { Typed("a\xff"); }), "--a.b=a\xff: is not UTF-8 text");
}

TEST(SettingsTest, AValueIsReplacedInItsPlace) {
  const auto replaced = [](const std::string& text) {
    return Settings::WithValue(text, "a.toml", {"robot"}, "model", "new");
  };
  EXPECT_EQ(
      replaced(
          "# ü\n[[reward]]\nmodel = 'x'\n[robot]\nname = 'ü'\nmodel = \"a\\\"ü\" # ö\nz = 1\n"),
      "# ü\n[[reward]]\nmodel = 'x'\n[robot]\nname = 'ü'\nmodel = \"new\" # ö\nz = 1\n");
  EXPECT_EQ(replaced("[[robot]]\r\nmodel='a'\r\n"), "[[robot]]\r\nmodel=\"new\"\r\n");
  EXPECT_EQ(replaced("robot = {model = \"\"\"a\nb\"\"\", n = 1}"),
            "robot = {model = \"new\", n = 1}");
}

}  // namespace
}  // namespace anole
