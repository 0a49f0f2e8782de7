#include "configs/writer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>

#include "configs/reader.h"
#include "configs/settings.h"
#include "configs/toml_text.h"

namespace anole {
namespace {

enum class Color { kRed, kGreen };

constexpr auto WordsOf(Color) {
  return Words<Color>({{Color::kRed, "red"}, {Color::kGreen, "green as grass"}});
}

template <class T>
struct OneOption {
  T value = {};
  static void Describe(VisitOf<OneOption> visit) {
    visit("a.b", &OneOption::value, {.help = "a value"});
  }
};

template <class T>
T RoundTrip(T value) {
  TomlWriter writer;
  OneOption<T>::Describe({OneOption<T>{value}, writer});
  const Settings settings = Settings::FromText(writer.text(), "stored.toml");
  SettingsReader reader(settings);
  OneOption<T> read;
  OneOption<T>::Describe({read, reader});
  return read.value;
}

TEST(TomlTextTest, WritesTheShortestDoubleThatPeopleCanRead) {
  EXPECT_EQ(TomlText(0.1), "0.1");
  EXPECT_EQ(TomlText(2.0), "2.0");
  EXPECT_EQ(TomlText(-0.0), "-0.0");
  EXPECT_EQ(TomlText(100000.0), "100000.0");
  EXPECT_EQ(TomlText(0.0003), "0.0003");
  EXPECT_EQ(TomlText(1e-4), "0.0001");
  EXPECT_EQ(TomlText(1e-5), "1e-05");
  EXPECT_EQ(TomlText(1e15), "1e15");
  EXPECT_EQ(TomlText(1e-300), "1e-300");
  EXPECT_EQ(TomlText(1e22), "1e22");
  EXPECT_EQ(TomlText(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(TomlText(1 / 3.), "0.3333333333333333");
}

TEST(TomlTextTest, WritesTheOtherTypes) {
  EXPECT_EQ(TomlText(true), "true");
  EXPECT_EQ(TomlText(std::int64_t{-7}), "-7");
  EXPECT_EQ(TomlText(std::string(" a\"b\\c\n\t\x01\x7f")), R"(" a\"b\\c\n\t\u0001\u007F")");
  EXPECT_EQ(TomlText(std::vector<std::int64_t>{64, 32}), "[64, 32]");
  EXPECT_EQ(TomlText(std::vector<double>{-2, 0.5}), "[-2.0, 0.5]");
  EXPECT_EQ(TomlText(std::vector<double>{}), "[]");
}

TEST(TomlWriterTest, DoublesReadBackBitForBit) {
  using Limits = std::numeric_limits<double>;
  std::vector<double> values = {0.0,
                                -0.0,
                                0.1,
                                1 / 3.,
                                1e-300,
                                2.0,
                                -1e22,
                                1e15,
                                9.999e14,
                                1e-4,
                                9.99e-5,
                                123456789.125,
                                Limits::max(),
                                Limits::min(),
                                Limits::denorm_min(),
                                Limits::lowest()};
  std::mt19937_64 random(1);
  while (values.size() < 3000) {
    const auto value = std::bit_cast<double>(static_cast<std::uint64_t>(random()));
    if (std::isfinite(value)) values.push_back(value);
  }
  const std::vector<double> read = RoundTrip(values);
  ASSERT_EQ(read.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read[i]), std::bit_cast<std::uint64_t>(values[i]))
        << TomlText(values[i]);
  }
  EXPECT_EQ(RoundTrip(0.1), 0.1);
}

TEST(TomlWriterTest, IntegersReadBack) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<std::int64_t> values = {Limits::min(), -1, 0, 1, Limits::max()};
  EXPECT_EQ(RoundTrip(values), values);
  EXPECT_EQ(RoundTrip(Limits::max()), Limits::max());
}

TEST(TomlWriterTest, StringsReadBack) {
  std::string every_ascii;
  for (char c = 0; c < 127; ++c) every_ascii += c;
  every_ascii += '\x7f';
  for (const std::string& text : {std::string(), std::string("\"quoted\" 'too'"),
                                  std::string("two\nlines\r\n"), std::string("# no comment"),
                                  std::string("\\u0041"), std::string("m/s² – ü"), every_ascii}) {
    EXPECT_EQ(RoundTrip(text), text);
  }
}

TEST(TomlWriterTest, BooleansReadBack) {
  EXPECT_TRUE(RoundTrip(true));
  EXPECT_FALSE(RoundTrip(false));
}

TEST(TomlWriterTest, EnumsAreWordsAndReadBack) {
  for (const Color color : {Color::kRed, Color::kGreen}) EXPECT_EQ(RoundTrip(color), color);
  TomlWriter writer;
  writer("a.b", Color::kGreen, {.help = "a value"});
  EXPECT_EQ(writer.text(), "[a]\n# a value (one of red, green as grass)\nb = \"green as grass\"\n");
}

TEST(TomlWriterTest, GroupsBySectionAndExplainsEachOption) {
  std::string family = "ant";
  double step_size = 0.5;
  std::vector<double> range = {-2, 2};
  bool plain = true;
  const auto describe = [&](TomlWriter& visit) {
    visit("task.family", family, {.help = "what a task is", .choices = {"ant", "cheetah"}});
    visit("inner.step_size", step_size, {.help = "size\nof a step", .unit = "m", .min = 0});
    visit("task.range", range, {.help = "of the goals", .unit = "m/s"});
    visit("inner.plain", plain, {.help = "as it is"});
    visit("task.family", family, {.help = "visited again"});
  };

  TomlWriter with_help;
  describe(with_help);
  EXPECT_EQ(with_help.text(),
            "[task]\n"
            "# what a task is (one of ant, cheetah)\n"
            "family = \"ant\"\n"
            "# of the goals [m/s]\n"
            "range = [-2.0, 2.0]\n"
            "\n"
            "[inner]\n"
            "# size of a step [m] (at least 0)\n"
            "step_size = 0.5\n"
            "# as it is\n"
            "plain = true\n");

  TomlWriter bare(TomlWriter::Comments::kNone);
  describe(bare);
  EXPECT_EQ(bare.text(),
            "[task]\nfamily = \"ant\"\nrange = [-2.0, 2.0]\n"
            "\n[inner]\nstep_size = 0.5\nplain = true\n");
}

TEST(TomlWriterTest, IsEmptyWithoutOptions) { EXPECT_EQ(TomlWriter().text(), ""); }

TEST(TomlWriterTest, RefusesDescriptionsThatDisagree) {
  TomlWriter writer;
  double one = 1, two = 2;
  writer("a.b", one, {.help = ""});
  EXPECT_THROW(writer("a.b", two, {.help = ""}), std::logic_error);
  EXPECT_THROW(writer("no_section", two, {.help = ""}), std::logic_error);
}

}  // namespace
}  // namespace anole
