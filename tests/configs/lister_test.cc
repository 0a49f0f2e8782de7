#include "configs/lister.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

namespace anole {

namespace {

enum class Color { kRed, kGreen, kBlue };

constexpr auto WordsOf(Color) {
  return Words<Color>({{Color::kRed, "red"}, {Color::kGreen, "green"}});
}

template <class T>
OptionDescription Describe(const T& value, const OptionInfo& info) {
  OptionLister lister;
  lister("a.b", value, info);
  return lister.options().at(0);
}

TEST(OptionListerTest, DescribesAnOption) {
  const OptionDescription option =
      Describe(0.3, {.help = "size of a step", .unit = "m", .min = 0, .max = 1});
  EXPECT_EQ(option.name, "a.b");
  EXPECT_EQ(option.type, "number");
  EXPECT_EQ(option.default_value, "0.3");
  EXPECT_EQ(option.unit, "m");
  EXPECT_EQ(option.range, "0 to 1");
  EXPECT_EQ(option.help, "size of a step");
  EXPECT_TRUE(option.choices.empty());
  EXPECT_EQ(option.owner, "");
}

TEST(OptionListerTest, NamesTypes) {
  EXPECT_EQ(Describe(true, {.help = ""}).type, "true or false");
  EXPECT_EQ(Describe(std::int64_t{1}, {.help = ""}).type, "integer");
  EXPECT_EQ(Describe(std::string(), {.help = ""}).type, "text");
  EXPECT_EQ(Describe(std::string("x"), {.help = "", .choices = {"x"}}).type, "word");
  EXPECT_EQ(Describe(std::vector<std::int64_t>(), {.help = ""}).type, "list of integers");
  EXPECT_EQ(Describe(std::vector<double>(), {.help = ""}).type, "list of numbers");
}

TEST(OptionListerTest, PutsRangesOfNumbersInWords) {
  const auto range = [](const OptionInfo& info) { return Describe(1.0, info).range; };
  EXPECT_EQ(range({.help = ""}), "");
  EXPECT_EQ(range({.help = "", .min = 0.5}), "at least 0.5");
  EXPECT_EQ(range({.help = "", .max = 1e6}), "at most 1000000");
  EXPECT_EQ(range({.help = "", .min = -1, .max = 1}), "-1 to 1");
  EXPECT_EQ(range({.help = "", .min = 0, .positive = true}), "above 0");
  EXPECT_EQ(range({.help = "", .positive = true}), "above 0");
  EXPECT_EQ(range({.help = "", .min = 0, .max = 1, .positive = true}), "above 0, at most 1");
  EXPECT_EQ(range({.help = "", .min = 2, .positive = true}), "at least 2");
}

TEST(OptionListerTest, PutsRangesOfListsInWords) {
  const auto range = [](const OptionInfo& info) {
    return Describe(std::vector<double>(), info).range;
  };
  EXPECT_EQ(range({.help = ""}), "");
  EXPECT_EQ(range({.help = "", .min = 0}), "all at least 0");
  EXPECT_EQ(range({.help = "", .min_size = 1}), "at least 1 value");
  EXPECT_EQ(range({.help = "", .max_size = 3}), "at most 3 values");
  EXPECT_EQ(range({.help = "", .min_size = 1, .max_size = 3}), "1 to 3 values");
  EXPECT_EQ(range({.help = "", .min = 0, .min_size = 2, .max_size = 2}),
            "2 values, all at least 0");
}

TEST(OptionListerTest, ListsChoices) {
  const OptionDescription option = Describe(std::string("a"), {.help = "", .choices = {"a", "b"}});
  EXPECT_EQ(option.range, "one of a, b");
  EXPECT_EQ(option.choices, (std::vector<std::string>{"a", "b"}));
}

TEST(OptionListerTest, ListsTheWordsOfAnEnum) {
  const OptionDescription option = Describe(Color::kGreen, {.help = ""});
  EXPECT_EQ(option.type, "word");
  EXPECT_EQ(option.default_value, "\"green\"");
  EXPECT_EQ(option.range, "one of red, green");
  EXPECT_EQ(option.choices, (std::vector<std::string>{"red", "green"}));
  EXPECT_FALSE(option.required);
}

TEST(OptionListerTest, RefusesAValueWithoutAWord) {
  EXPECT_THROW(Describe(Color::kBlue, {.help = ""}), std::logic_error);
}

TEST(OptionListerTest, ListsAttributes) {
  const OptionDescription plain = Describe(std::string(), {.help = ""});
  EXPECT_FALSE(plain.of_run || plain.path || plain.is_inner_step);
  const OptionDescription option = Describe(
      std::string(),
      {.help = "", .path = true, .use = Use::kLength, .of_run = true, .is_inner_step = true});
  EXPECT_TRUE(option.of_run && option.path && option.is_inner_step);
  EXPECT_EQ(option.use, Use::kLength);
}

TEST(OptionListerTest, ListsAnOptionOnceAnOwner) {
  OptionLister lister("ant");
  double value = 1;
  lister("a.b", value, {.help = ""});
  lister("a.b", value, {.help = ""});
  lister.set_owner("cheetah");
  lister("a.b", value, {.help = ""});
  ASSERT_EQ(lister.options().size(), 2u);
  EXPECT_EQ(lister.options()[0].owner, "ant");
  EXPECT_EQ(lister.options()[1].owner, "cheetah");
}

TEST(DifferenceTest, TellsOptionsOfTheRunOnEitherSide) {
  OptionLister one, other;
  one("run.seed", std::int64_t{1}, {.help = "", .of_run = true});
  other("run.seed", std::int64_t{2}, {.help = "", .of_run = true});
  other("run.keep", true, {.help = "", .of_run = true});
  const auto differences = Difference(one.options(), other.options());
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_TRUE(differences[0].of_run && differences[1].of_run);
}

TEST(DifferenceTest, NamesWhatDiffersOnEitherSide) {
  OptionLister stored, current;
  double same = 1, old_value = 0.1, new_value = 0.2;
  std::string text;
  stored("a.same", same, {.help = ""});
  stored("a.changed", old_value, {.help = ""});
  stored("a.gone", text, {.help = ""});
  current("a.added", text, {.help = ""});
  current("a.changed", new_value, {.help = ""});
  current("a.same", same, {.help = "with other help"});
  EXPECT_EQ(Difference(stored.options(), current.options()),
            (std::vector<OptionDifference>{
                {"a.changed", "0.1", "0.2"}, {"a.gone", "\"\"", ""}, {"a.added", "", "\"\""}}));
  EXPECT_TRUE(Difference(stored.options(), stored.options()).empty());
}

}  // namespace
}  // namespace anole
