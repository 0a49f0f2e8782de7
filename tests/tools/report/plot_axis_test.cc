#include <gtest/gtest.h>

#include "tools/report/plot/axis.h"

namespace anole::plot {
namespace {

std::vector<std::string> Texts(const Axis& axis) {
  std::vector<std::string> texts;
  for (const Tick& tick : axis.ticks()) texts.push_back(tick.text);
  return texts;
}

using Words = std::vector<std::string>;

TEST(AxisTest, TicksAreOneTwoOrFiveApart) {
  EXPECT_EQ(Texts(Axis(0, 4, 0, 6)), (Words{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(Texts(Axis(0, 10, 0, 6)), (Words{"0", "2", "4", "6", "8", "10"}));
  EXPECT_EQ(Texts(Axis(-70, 540, 0, 7)), (Words{"0", "100", "200", "300", "400", "500"}));
  EXPECT_EQ(Texts(Axis(.11, .32, 0, 6)), (Words{"0.15", "0.20", "0.25", "0.30"}));
}

TEST(AxisTest, NegativeNumbersHaveAMinusSign) {
  EXPECT_EQ(Texts(Axis(-100, 50, 0, 4)), (Words{"\u2212100", "\u221250", "0", "50"}));
}

TEST(AxisTest, ZeroHasNoSign) {
  EXPECT_EQ(Texts(Axis(-.3, .3, 0, 4)), (Words{"\u22120.2", "0.0", "0.2"}));
  EXPECT_EQ(TickText(-1e-17, .1), "0.0");
}

TEST(AxisTest, UnitsAreOfTheTextAlone) {
  const AxisUnit unit = CountUnit(4e6);
  EXPECT_EQ(unit.name, "millions");
  const Axis axis(0, 4e6, 0, 6, unit.size);
  EXPECT_EQ(axis.ticks().back().text, "4");
  EXPECT_EQ(axis.ticks().back().value, 4e6);
  EXPECT_EQ(CountUnit(48000).name, "thousands");
  EXPECT_EQ(CountUnit(720).size, 1);
}

TEST(AxisTest, PlacesValuesBetweenItsEnds) {
  const Axis axis(0, 10, .1, 5);
  EXPECT_DOUBLE_EQ(axis.Place(-1), 0);
  EXPECT_DOUBLE_EQ(axis.Place(5), .5);
  EXPECT_DOUBLE_EQ(axis.Place(11), 1);
}

TEST(AxisTest, EqualRatiosAreEquallyFarApartOnALogarithmicAxis) {
  const Axis axis = Axis::Logarithmic(.01, 100, 0, 7);
  EXPECT_DOUBLE_EQ(axis.Place(.01), 0);
  EXPECT_DOUBLE_EQ(axis.Place(.1), .25);
  EXPECT_DOUBLE_EQ(axis.Place(1), .5);
  EXPECT_DOUBLE_EQ(axis.Place(100), 1);
}

TEST(AxisTest, LogarithmicTicksArePowersOfTenOrBetweenThem) {
  EXPECT_EQ(Texts(Axis::Logarithmic(1, 100, 0, 7)),
            (Words{"1", "2", "5", "10", "20", "50", "100"}));
  EXPECT_EQ(Texts(Axis::Logarithmic(1, 100, 0, 6)), (Words{"1", "3", "10", "30", "100"}));
  EXPECT_EQ(Texts(Axis::Logarithmic(1e-6, 1e6, 0, 6)),
            (Words{"10\u207b\u2076", "0.001", "1", "1000", "10\u2076"}));
  EXPECT_EQ(Texts(Axis::Logarithmic(4e5, 5e6, 0, 6)),
            (Words{"5\u00b710\u2075", "10\u2076", "2\u00b710\u2076", "5\u00b710\u2076"}));
  EXPECT_EQ(Texts(Axis::Logarithmic(.11, .32, 0, 6)), (Words{"0.15", "0.20", "0.25", "0.30"}));
}

TEST(AxisTest, AConstantHasALogarithmicAxisToo) {
  for (const double value : {1e-9, 3., 1e6}) {
    const Axis axis = Axis::Logarithmic(value, value, .04, 7);
    EXPECT_NEAR(axis.Place(value), .5, .02);
    EXPECT_GE(axis.ticks().size(), 1u);
    for (const Tick& tick : axis.ticks()) {
      EXPECT_GE(axis.Place(tick.value), 0);
      EXPECT_LE(axis.Place(tick.value), 1);
    }
  }
}

TEST(AxisTest, AConstantHasAnAxisToo) {
  for (const double value : {0., -3., 1e6}) {
    const Axis axis(value, value, .04, 7);
    EXPECT_DOUBLE_EQ(axis.Place(value), .5);
    EXPECT_GE(axis.ticks().size(), 1u);
    EXPECT_LE(axis.ticks().size(), 7u);
  }
}

}  // namespace
}  // namespace anole::plot
