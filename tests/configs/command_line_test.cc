#include "configs/command_line.h"

#include <gtest/gtest.h>

#include "tests/configs/error_of.h"

namespace anole {
namespace {

using Arguments = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

const std::vector<Flag> kFlags = {{"run-dir", "DIR", "where the run is stored"},
                                  {"jobs", "N", "threads"},
                                  {"overwrite", "", "delete an older run"}};

std::vector<OptionDescription> Options() {
  std::vector<OptionDescription> options;
  for (const char* name : {"inner.step_size", "task.range", "task.note", "task.range"}) {
    options.push_back({});
    options.back().name = name;
  }
  return options;
}

CommandLine Parse(const Arguments& args, std::size_t max_positionals = 1) {
  return ParseCommandLine(args, kFlags, Options(), max_positionals);
}

std::string ParseError(const Arguments& args, std::size_t max_positionals = 1) {
  return ErrorOf([&] { Parse(args, max_positionals); });
}

TEST(CommandLineTest, SortsWhatWasTyped) {
  const CommandLine line = Parse({"ant.toml", "--task.range=-1,1", "--run-dir", "runs/a",
                                  "--overwrite", "--inner.step_size=0.1"});
  EXPECT_EQ(line.positionals, Arguments{"ant.toml"});
  EXPECT_EQ(line.settings, (Pairs{{"task.range", "-1,1"}, {"inner.step_size", "0.1"}}));
  EXPECT_EQ(line.flags.size(), 2u);
  EXPECT_EQ(line.Get("run-dir"), "runs/a");
  EXPECT_TRUE(line.Has("overwrite"));
  EXPECT_FALSE(line.Has("jobs"));
  EXPECT_EQ(line.Get("jobs"), std::nullopt);
}

TEST(CommandLineTest, AcceptsNothing) {
  const CommandLine line = Parse({});
  EXPECT_TRUE(line.positionals.empty());
  EXPECT_TRUE(line.flags.empty());
  EXPECT_TRUE(line.settings.empty());
}

TEST(CommandLineTest, TakesPositionals) {
  EXPECT_EQ(Parse({"a", "--overwrite", "-"}, 2).positionals, (Arguments{"a", "-"}));
}

TEST(CommandLineTest, TakesNegativeAndEmptyValues) {
  EXPECT_EQ(Parse({"--task.range", "-2,2"}).settings, (Pairs{{"task.range", "-2,2"}}));
  EXPECT_EQ(Parse({"--inner.step_size", "-1.5"}).settings, (Pairs{{"inner.step_size", "-1.5"}}));
  EXPECT_EQ(Parse({"--task.note", ""}).settings, (Pairs{{"task.note", ""}}));
  EXPECT_EQ(Parse({"--task.note=a=b"}).settings, (Pairs{{"task.note", "a=b"}}));
  EXPECT_EQ(Parse({"--task.note=--"}).settings, (Pairs{{"task.note", "--"}}));
}

TEST(CommandLineTest, RefusesUnknownOptions) {
  EXPECT_EQ(ParseError({"--overwite"}), "unknown option '--overwite'; did you mean '--overwrite'?");
  EXPECT_EQ(ParseError({"--step_size=1"}),
            "unknown option '--step_size'; did you mean '--inner.step_size'?");
  EXPECT_EQ(ParseError({"--task.rnage", "1"}),
            "unknown option '--task.rnage'; did you mean '--task.range'?");
  EXPECT_EQ(ParseError({"--zzz"}),
            "unknown option '--zzz'; known: --inner.step_size, --jobs, --overwrite, --run-dir, "
            "--task.note, --task.range");
  EXPECT_EQ(ParseError({"--overwite="}),
            "unknown option '--overwite'; did you mean '--overwrite'?");
  EXPECT_EQ(ParseError({"-h"}).find("unknown option '-h'"), 0u) << "there is no --help";
  EXPECT_EQ(ParseError({"-x"}).find("unknown option '-x'"), 0u);
}

TEST(CommandLineTest, TakesHForHelp) {
  EXPECT_TRUE(ParseCommandLine({"-h"}, {{"help", "", ""}}, {}, 0).Has("help"));
}

TEST(CommandLineTest, DoesNotGuessAbbreviations) {
  EXPECT_EQ(ParseError({"--over"}), "unknown option '--over'; did you mean '--overwrite'?");
}

TEST(CommandLineTest, RefusesMissingValues) {
  EXPECT_EQ(ParseError({"--run-dir"}), "--run-dir needs a value: --run-dir DIR");
  EXPECT_EQ(ParseError({"--run-dir", "--overwrite"}), "--run-dir needs a value: --run-dir DIR");
  EXPECT_EQ(ParseError({"--task.note="}), "--task.note needs a value: --task.note VALUE");
}

TEST(CommandLineTest, RefusesAValueForASwitch) {
  EXPECT_EQ(ParseError({"--overwrite=yes"}), "--overwrite takes no value");
  EXPECT_EQ(ParseError({"--overwrite="}), "--overwrite takes no value");
}

TEST(CommandLineTest, RefusesRepetition) {
  EXPECT_EQ(ParseError({"--jobs=1", "--jobs=2"}), "--jobs is given twice");
  EXPECT_EQ(ParseError({"--overwrite", "--overwrite"}), "--overwrite is given twice");
  EXPECT_EQ(ParseError({"--task.note=a", "--task.note", "b"}), "--task.note is given twice");
}

TEST(CommandLineTest, RefusesStrayArguments) {
  EXPECT_EQ(ParseError({"a", "b"}), "unexpected argument 'b'; this command takes at most 1");
  EXPECT_EQ(ParseError({"--overwrite", "yes"}, 0),
            "unexpected argument 'yes'; this command takes none");
}

TEST(CommandLineTest, NamesMissingDashes) {
  EXPECT_EQ(ParseError({"a.toml", "inner.step_size=5"}, 1),
            "unexpected argument 'inner.step_size=5'; an option begins with two dashes: "
            "--inner.step_size=5");
  EXPECT_EQ(ParseError({"jobs=5", "a.toml"}, 2),
            "unexpected argument 'jobs=5'; an option begins with two dashes: --jobs=5");
  EXPECT_EQ(Parse({"lr=0.1"}).positionals, Arguments{"lr=0.1"}) << "a folder may be called so";
}

TEST(CommandLineTest, ShortensWhatIsTooLongForAMessage) {
  const std::string huge(100'000, 'a');
  for (const Arguments& words : {Arguments{"--" + huge}, Arguments{"--task.note=a", "b", huge},
                                 Arguments{"b", "jobs=" + huge}}) {
    EXPECT_LT(ParseError(words).size(), 1000u);
  }
  EXPECT_LT(ErrorOf([&] { Parse({"--jobs=" + huge}).Integer("jobs"); }).size(), 1000u);
}

TEST(CommandLineTest, LetsTheCallerExplainUnknownOptions) {
  const auto explain = [](std::string_view typed, const std::string& suggestion) {
    return "; " + std::string(typed) + suggestion;
  };
  EXPECT_EQ(ErrorOf([&] { ParseCommandLine({"--jbs"}, kFlags, {}, 0, explain); }),
            "unknown option '--jbs'; --jbs; did you mean '--jobs'?");
}

TEST(CommandLineTest, ReadsNumbersOfFlags) {
  const CommandLine line = Parse({"--jobs=8"});
  EXPECT_EQ(line.Integer("jobs"), 8);
  EXPECT_EQ(line.Integer("jobs", 1, 8), 8);
  EXPECT_EQ(line.Number("jobs"), 8.0);
  EXPECT_EQ(line.Integer("run-dir"), std::nullopt);
  EXPECT_EQ(line.Number("run-dir"), std::nullopt);
}

TEST(CommandLineTest, RefusesNumbersOutOfRange) {
  EXPECT_EQ(ErrorOf([] { Parse({"--jobs=0"}).Integer("jobs", 1, 64); }),
            "--jobs=0: must be 1 to 64");
  EXPECT_EQ(ErrorOf([] { Parse({"--jobs", "-1"}).Integer("jobs", 0); }),
            "--jobs=-1: must be at least 0");
  EXPECT_EQ(ErrorOf([] { Parse({"--jobs=all"}).Integer("jobs"); }),
            "--jobs=all: must be an integer");
  EXPECT_EQ(ErrorOf([] { Parse({"--jobs=2"}).Number("jobs", 0, 1); }), "--jobs=2: must be 0 to 1");
}

TEST(CommandLineTest, OverridesTheSettingsOfTheFile) {
  Settings settings = Settings::FromText("task.note = 'file'", "run.toml");
  Parse({"--task.note=typed"}).ApplyTo(settings);
  EXPECT_EQ(settings.Find("task.note")->origin, "--task.note=typed");
}

}  // namespace
}  // namespace anole
