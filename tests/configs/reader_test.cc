#include "configs/reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/configs/error_of.h"

namespace anole {
namespace {

enum class Optimizer { kAdam, kMomentum, kSgd };

constexpr auto WordsOf(Optimizer) {
  return Words<Optimizer>(
      {{Optimizer::kAdam, "adam"}, {Optimizer::kMomentum, "momentum"}, {Optimizer::kSgd, "sgd"}});
}

struct Options {
  bool adapt = false;
  std::int64_t steps = 1;
  double step_size = 0.1;
  Optimizer optimizer = Optimizer::kSgd;
  std::string note = "none";
  std::vector<std::int64_t> hidden = {64, 64};
  std::vector<double> range = {0, 1};

  static void Describe(VisitOf<Options> visit) {
    visit("inner.adapt", &Options::adapt, {.help = ""});
    visit("inner.steps", &Options::steps, {.help = "", .min = 0, .max = 1000000});
    visit("inner.step_size", &Options::step_size,
          {.help = "", .unit = "m", .min = 0, .positive = true});
    visit("inner.optimizer", &Options::optimizer, {.help = ""});
    visit("inner.note", &Options::note, {.help = ""});
    visit("inner.hidden", &Options::hidden, {.help = "", .min = 1, .max_size = 3});
    visit("inner.range", &Options::range, {.help = "", .min_size = 2, .max_size = 2});
  }
};

Options Read(const Settings& settings) {
  Options options;
  SettingsReader reader(settings);
  Options::Describe({options, reader});
  return options;
}

// One line of a file, below [inner].
Options ReadLine(const std::string& line) {
  return Read(Settings::FromText("[inner]\n" + line, "run.toml"));
}

Options ReadTyped(const std::string& option, const std::string& text) {
  Settings settings;
  settings.Set("inner." + option, text);
  return Read(settings);
}

std::string LineError(const std::string& line) {
  return ErrorOf([&] { ReadLine(line); });
}

std::string TypedError(const std::string& option, const std::string& text) {
  return ErrorOf([&] { ReadTyped(option, text); });
}

TEST(SettingsReaderTest, KeepsDefaults) {
  const Options options = ReadLine("");
  EXPECT_EQ(options.steps, 1);
  EXPECT_EQ(options.optimizer, Optimizer::kSgd);
  EXPECT_EQ(options.hidden, (std::vector<std::int64_t>{64, 64}));
}

TEST(SettingsReaderTest, ReadsEveryTypeFromAFile) {
  EXPECT_TRUE(ReadLine("adapt = true").adapt);
  EXPECT_EQ(ReadLine("steps = 7").steps, 7);
  EXPECT_EQ(ReadLine("step_size = 0.25").step_size, 0.25);
  EXPECT_EQ(ReadLine("optimizer = 'adam'").optimizer, Optimizer::kAdam);
  EXPECT_EQ(ReadLine("note = \"two\\nlines\"").note, "two\nlines");
  EXPECT_EQ(ReadLine("hidden = [3, 4e0]").hidden, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(ReadLine("range = [-1, 0.5]").range, (std::vector<double>{-1, 0.5}));
  EXPECT_TRUE(ReadLine("hidden = []").hidden.empty());
}

TEST(SettingsReaderTest, ReadsEveryTypeFromTheCommandLine) {
  EXPECT_TRUE(ReadTyped("adapt", "true").adapt);
  EXPECT_EQ(ReadTyped("steps", "7").steps, 7);
  EXPECT_EQ(ReadTyped("step_size", ".25").step_size, 0.25);
  EXPECT_EQ(ReadTyped("optimizer", "adam").optimizer, Optimizer::kAdam);
  EXPECT_EQ(ReadTyped("hidden", "[3, 4]").hidden, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(ReadTyped("hidden", "64").hidden, (std::vector<std::int64_t>{64}));
  EXPECT_EQ(ReadTyped("range", "-2,2").range, (std::vector<double>{-2, 2}));
}

TEST(SettingsReaderTest, TakesATypedTextAsItIs) {
  EXPECT_EQ(ReadTyped("note", "007").note, "007");
  EXPECT_EQ(ReadTyped("note", "1e3").note, "1e3");
  EXPECT_EQ(ReadTyped("note", "true").note, "true");
  EXPECT_EQ(ReadTyped("note", "1,2").note, "1,2");
  EXPECT_EQ(ReadTyped("note", "\"quoted\"").note, "quoted");
  EXPECT_EQ(ReadTyped("note", "").note, "");
}

TEST(SettingsReaderTest, TakesWholeFloatsAsIntegersAndIntegersAsNumbers) {
  EXPECT_EQ(ReadLine("steps = 1e6").steps, 1000000);
  EXPECT_EQ(ReadLine("steps = 1000000.0").steps, 1000000);
  EXPECT_EQ(ReadTyped("steps", "1e6").steps, 1000000);
  EXPECT_EQ(ReadLine("step_size = 2").step_size, 2.0);
}

TEST(SettingsReaderTest, KeepsBigIntegersExact) {
  const Settings settings = Settings::FromText("a.seed = 9223372036854775807", "run.toml");
  SettingsReader reader(settings);
  std::int64_t seed = 0;
  reader("a.seed", seed, {.help = ""});
  EXPECT_EQ(seed, std::numeric_limits<std::int64_t>::max());
}

TEST(SettingsReaderTest, TakesFloatsAsIntegersWithin64Bits) {
  Settings settings;
  SettingsReader reader(settings);
  std::int64_t seed = 0;
  settings.Set("a.seed", "-9223372036854775808.0");
  reader("a.seed", seed, {.help = ""});
  EXPECT_EQ(seed, std::numeric_limits<std::int64_t>::min());
  settings.Set("a.seed", "9223372036854775808.0");
  EXPECT_EQ(ErrorOf([&] { reader("a.seed", seed, {.help = ""}); }),
            "--a.seed=9223372036854775808.0: must be an integer");
}

TEST(SettingsReaderTest, RefusesWrongTypesInFiles) {
  EXPECT_EQ(LineError("adapt = 1"), "run.toml:2:1: inner.adapt = 1: must be true or false");
  EXPECT_EQ(LineError("steps = 1.5"), "run.toml:2:1: inner.steps = 1.5: must be an integer");
  EXPECT_EQ(LineError("steps = 1e30"), "run.toml:2:1: inner.steps = 1e30: must be an integer");
  EXPECT_EQ(LineError("steps = inf"), "run.toml:2:1: inner.steps = inf: must be an integer");
  EXPECT_EQ(LineError("steps = '1'"), "run.toml:2:1: inner.steps = \"1\": must be an integer");
  EXPECT_EQ(LineError("step_size = true"),
            "run.toml:2:1: inner.step_size = true: must be a number");
  EXPECT_EQ(LineError("note = 7"), "run.toml:2:1: inner.note = 7: must be text in quotes");
  EXPECT_EQ(LineError("hidden = 64"),
            "run.toml:2:1: inner.hidden = 64: must be a list of integers, as in [64, 64]");
  EXPECT_EQ(LineError("hidden = [64, 1.5]"),
            "run.toml:2:1: inner.hidden = [64, 1.5]: must be a list of integers, as in [64, 64]");
  EXPECT_EQ(LineError("range = 'wide'"),
            "run.toml:2:1: inner.range = \"wide\": must be a list of numbers, as in [-2, 2]");
}

TEST(SettingsReaderTest, RefusesWrongTypesOnTheCommandLine) {
  EXPECT_EQ(TypedError("steps", "many"), "--inner.steps=many: must be an integer");
  EXPECT_EQ(TypedError("adapt", "yes"), "--inner.adapt=yes: must be true or false");
  EXPECT_EQ(TypedError("step_size", "1,2"), "--inner.step_size=1,2: must be a number");
  EXPECT_EQ(TypedError("range", "[1, 2"),
            "--inner.range=[1, 2: must be a list of numbers, as in [-2, 2]");
}

TEST(SettingsReaderTest, RefusesNumbersThatAreNotFinite) {
  EXPECT_EQ(LineError("step_size = nan"),
            "run.toml:2:1: inner.step_size = nan: must be a finite number");
  EXPECT_EQ(LineError("step_size = inf"),
            "run.toml:2:1: inner.step_size = inf: must be a finite number");
  EXPECT_EQ(TypedError("step_size", "-inf"), "--inner.step_size=-inf: must be a finite number");
  EXPECT_EQ(LineError("range = [0, inf]"),
            "run.toml:2:1: inner.range = [0, inf]: must be finite numbers");
}

TEST(SettingsReaderTest, RefusesValuesOutOfRange) {
  EXPECT_EQ(LineError("steps = -1"), "run.toml:2:1: inner.steps = -1: must be 0 to 1000000");
  EXPECT_EQ(LineError("steps = 1000001"),
            "run.toml:2:1: inner.steps = 1000001: must be 0 to 1000000");
  EXPECT_EQ(LineError("step_size = 0"), "run.toml:2:1: inner.step_size = 0: must be above 0 [m]");
  EXPECT_EQ(TypedError("step_size", "-1.0"), "--inner.step_size=-1.0: must be above 0 [m]");
  EXPECT_EQ(ReadLine("steps = 0").steps, 0) << "bounds are inclusive";
  EXPECT_EQ(ReadLine("steps = 1000000").steps, 1000000) << "bounds are inclusive";
}

TEST(SettingsReaderTest, RefusesListsOutOfRange) {
  EXPECT_EQ(LineError("hidden = [64, 0]"),
            "run.toml:2:1: inner.hidden = [64, 0]: must be at most 3 values, all at least 1");
  EXPECT_EQ(LineError("hidden = [1, 2, 3, 4]"),
            "run.toml:2:1: inner.hidden = [1, 2, 3, 4]: must be at most 3 values, all at least 1");
  EXPECT_EQ(TypedError("range", "1"), "--inner.range=1: must be 2 values");
}

TEST(SettingsReaderTest, RefusesWordsThatAreNoChoice) {
  EXPECT_EQ(LineError("optimizer = 'adm'"),
            "run.toml:2:1: inner.optimizer = \"adm\": must be one of adam, momentum, sgd; "
            "did you mean 'adam'?");
  EXPECT_EQ(TypedError("optimizer", "lbfgs"),
            "--inner.optimizer=lbfgs: must be one of adam, momentum, sgd");
}

TEST(SettingsReaderTest, TakesWordsAsTheyAreWritten) {
  EXPECT_EQ(LineError("optimizer = 'Adam'"),
            "run.toml:2:1: inner.optimizer = \"Adam\": must be one of adam, momentum, sgd; "
            "did you mean 'adam'?");
  EXPECT_EQ(LineError("optimizer = 0"),
            "run.toml:2:1: inner.optimizer = 0: must be text in quotes");
  EXPECT_EQ(TypedError("optimizer", "0"),
            "--inner.optimizer=0: must be one of adam, momentum, sgd");
}

TEST(SettingsReaderTest, RefusesNamesThatNobodyHas) {
  const Settings settings = Settings::FromText("task.family = 'aunt'", "run.toml");
  SettingsReader reader(settings);
  std::string family = "ant";
  EXPECT_EQ(
      ErrorOf([&] { reader("task.family", family, {.help = "", .choices = {"ant", "bee"}}); }),
      "run.toml:1:6: task.family = \"aunt\": must be one of ant, bee; did you mean 'ant'?");
}

TEST(SettingsReaderTest, AsksForWhatHasNoValidDefault) {
  const Settings settings;
  SettingsReader reader(settings);
  std::string family;
  EXPECT_EQ(ErrorOf([&] { reader("task.family", family, {.help = "", .choices = {"a", "b"}}); }),
            "task.family must be set (one of a, b)");
}

// The catalogue of options in these tests: [inner] as above, and two families with a range.
std::vector<OptionDescription> Catalogue() {
  OptionLister lister;
  Options::Describe({Options(), lister});
  std::vector<double> range;
  double goal = 0;
  lister.set_owner("ant");
  lister("task.range", range, {.help = ""});
  lister.set_owner("cheetah");
  lister("task.range", range, {.help = ""});
  lister("task.goal", goal, {.help = ""});
  return lister.options();
}

std::string UnknownError(const Settings& settings) {
  Options options;
  SettingsReader reader(settings);
  Options::Describe({options, reader});
  return ErrorOf([&] { reader.RejectUnknown(Catalogue()); });
}

std::string UnknownError(const std::string& toml) {
  return UnknownError(Settings::FromText(toml, "run.toml"));
}

TEST(RejectUnknownTest, AcceptsWhatWasVisited) {
  EXPECT_EQ(UnknownError("[inner]\nsteps = 1\nnote = 'x'"), "(no error)");
}

TEST(RejectUnknownTest, NamesTheNearestOption) {
  EXPECT_EQ(UnknownError("[inner]\nstepsize = 1"),
            "run.toml:2:1: unknown option inner.stepsize; did you mean 'inner.step_size'?");
}

TEST(RejectUnknownTest, TellsWhoseOptionItIs) {
  EXPECT_EQ(UnknownError("[task]\ngoal = 1"),
            "run.toml:2:1: task.goal does not apply here; it is an option of cheetah");
  Settings typed;
  typed.Set("task.range", "-1,1");
  EXPECT_EQ(UnknownError(typed),
            "--task.range=-1,1: task.range does not apply here; it is an option of ant, cheetah");
}

struct Conditional {
  std::string kind = "plain", more;
  double length = 1;

  static void Describe(VisitOf<Conditional> visit) {
    visit("rope.kind", &Conditional::kind, {.help = ""});
    if (const auto where = visit.Where(visit->kind == "long", "rope.kind is long")) {
      where("rope.length", &Conditional::length, {.help = ""});
      const auto both = where.Where(visit->length > 1, "rope.length is above 1");
      if (both) both("rope.more", &Conditional::more, {.help = ""});
    }
  }
};

TEST(RejectUnknownTest, TellsWhereAnOptionWouldApply) {
  OptionLister all;
  Conditional::Describe({Conditional(), all});
  ASSERT_EQ(all.options().size(), 3U);
  EXPECT_EQ(all.options()[0].condition, "");
  EXPECT_EQ(all.options()[2].condition, "rope.kind is long and rope.length is above 1");
  const auto error = [&](const std::string& toml) {
    const Settings settings = Settings::FromText("[rope]\n" + toml, "run.toml");
    Conditional options;
    SettingsReader reader(settings);
    Conditional::Describe({options, reader});
    return ErrorOf([&] { reader.RejectUnknown(all.options()); });
  };
  EXPECT_EQ(error("length = 2"),
            "run.toml:2:1: rope.length does not apply here; it does where rope.kind is long");
  EXPECT_EQ(error("kind = 'long'\nlength = 2\nmore = 'x'"), "(no error)");
  EXPECT_EQ(error("kind = 'long'\nmore = 'x'"),
            "run.toml:3:1: rope.more does not apply here; it does where rope.kind is long and "
            "rope.length is above 1");
}

TEST(RejectUnknownTest, SaysSoWhenAGeneralOptionWasNotAskedFor) {
  const Settings settings = Settings::FromText("inner.steps = 1", "run.toml");
  const SettingsReader reader(settings);
  EXPECT_EQ(ErrorOf([&] { reader.RejectUnknown(Catalogue()); }),
            "run.toml:1:7: inner.steps does not apply here");
}

TEST(RejectUnknownTest, ReportsTheFirstOfTheFileThenOfTheCommandLine) {
  Settings settings = Settings::FromText("[zoo]\nlion = 1\n[task]\ngoal = 1\n", "run.toml");
  settings.Set("aaa.bbb", "1");
  EXPECT_EQ(UnknownError(settings),
            "run.toml:2:1: unknown option zoo.lion; known: "
            "inner.adapt, inner.steps, inner.step_size, inner.optimizer, inner.note, "
            "inner.hidden, inner.range, task.range, task.goal");
}

}  // namespace
}  // namespace anole
