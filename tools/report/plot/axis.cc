#include "tools/report/plot/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace anole::plot {
namespace {

// The least of 1, 2, 5, 10, 20, ... and their tenths, hundredths that is not below `step`.
double NiceStep(double step) {
  const double power = std::pow(10., std::floor(std::log10(step)));
  for (const double factor : {1., 2., 5.}) {
    // Rounding in the logarithm must not turn a step of 2 into one of 5.
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

// "10\u207b\u00b3": the exponent in raised digits.
std::string PowerOfTen(int exponent) {
  static constexpr std::array kRaised = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                         "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  std::string text = exponent < 0 ? "10\u207b" : "10";
  for (const char digit : fmt::format("{}", std::abs(exponent))) {
    text += kRaised.at(static_cast<std::size_t>(digit - '0'));
  }
  return text;
}

// Of `factor`, 1 to 9, times a power of ten: as it is where that is short.
Tick TickOfPower(int factor, int exponent) {
  const double value = factor * std::pow(10., exponent);
  if (exponent >= -3 && exponent <= 3) return {value, fmt::format("{:g}", value)};
  const std::string power = PowerOfTen(exponent);
  return {value, factor == 1 ? power : fmt::format("{}\u00b7{}", factor, power)};
}

// Those of factors times powers of ten, every `stride`-th power, that lie within the logarithms.
std::vector<Tick> TicksOfPowers(double low, double high, const std::vector<int>& factors,
                                int stride) {
  std::vector<Tick> ticks;
  for (int exponent = static_cast<int>(std::floor(low)); exponent <= high; ++exponent) {
    if (exponent % stride != 0) continue;
    for (const int factor : factors) {
      const double place = exponent + std::log10(factor);
      if (place >= low - 1e-9 && place <= high + 1e-9) {
        ticks.push_back(TickOfPower(factor, exponent));
      }
    }
  }
  return ticks;
}

}  // namespace

AxisUnit CountUnit(double high) {
  if (high >= 1e6) return {1e6, "millions"};
  if (high >= 1e4) return {1e3, "thousands"};
  return {};
}

std::string TickText(double value, double step) {
  const int decimals = static_cast<int>(std::max(0., -std::floor(std::log10(step) + 1e-9)));
  const bool plain = decimals <= 4 && std::abs(value) < 1e6;
  const double size = std::abs(value) < step / 2 ? 0 : std::abs(value);
  const std::string digits =
      plain ? fmt::format("{:.{}f}", size, decimals) : fmt::format("{:.6g}", size);
  return (value < 0 && size > 0 ? "\u2212" : "") + digits;
}

Axis::Axis(double low, double high, double margin, int max_ticks, double unit)
    : low_(low), high_(high) {
  if (!(high_ > low_)) {
    const double half = std::max(.05 * std::abs(low), 1e-6 * unit);
    low_ -= half;
    high_ += half;
  }
  const double room = margin * (high_ - low_);
  low_ -= room;
  high_ += room;
  double step = NiceStep((high_ - low_) / unit / std::max(max_ticks, 1));
  const auto first = [&] { return std::llround(std::ceil(low_ / unit / step - 1e-9)); };
  const auto last = [&] { return std::llround(std::floor(high_ / unit / step + 1e-9)); };
  if (last() - first() + 1 > max_ticks) step = NiceStep(1.5 * step);
  for (auto i = first(); i <= last(); ++i) {
    const double tick = static_cast<double>(i) * step;
    ticks_.push_back({tick * unit, TickText(tick, step)});
  }
}

Axis Axis::Logarithmic(double low, double high, double margin, int max_ticks) {
  // Less than a decade has too few powers of ten: its ticks are those of a linear axis.
  constexpr double kDecade = 10;
  if (!(high > low)) {
    low *= .95;
    high *= 1.05;
  }
  Axis axis(low, high, 0, max_ticks);
  axis.scale_ = Scale::kLogarithmic;
  axis.low_ = std::log10(low);
  axis.high_ = std::log10(high);
  const double room = margin * (axis.high_ - axis.low_);
  axis.low_ -= room;
  axis.high_ += room;
  if (high < kDecade * low) return axis;
  const auto most = static_cast<std::size_t>(std::max(max_ticks, 1));
  axis.ticks_ = TicksOfPowers(axis.low_, axis.high_, {1, 2, 5}, 1);
  if (axis.ticks_.size() > most) axis.ticks_ = TicksOfPowers(axis.low_, axis.high_, {1, 3}, 1);
  for (int stride = 1; axis.ticks_.size() > most; ++stride) {
    axis.ticks_ = TicksOfPowers(axis.low_, axis.high_, {1}, stride);
  }
  return axis;
}

double Axis::Place(double value) const {
  const double at = scale_ == Scale::kLogarithmic ? std::log10(value) : value;
  return (at - low_) / (high_ - low_);
}

}  // namespace anole::plot
