#include "tools/report/plot/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

}  // namespace anole::plot
