// An axis: which values it covers, and where its ticks are.
#pragma once

#include <string>
#include <vector>

namespace anole::plot {

struct Tick {
  double value = 0;
  std::string text;
};

// What numbers are divided by before they are written, and how that is called: "[millions]".
struct AxisUnit {
  double size = 1;
  std::string name;  // empty: 1
};

// For an axis of counts from 0 to `high`.
AxisUnit CountUnit(double high);

enum class Scale { kLinear, kLogarithmic };

class Axis {
 public:
  // Covers [low, high] and, on both sides, `margin` of its length more. At most `max_ticks` ticks,
  // 1, 2 or 5 times a power of ten of `unit` apart.
  Axis(double low, double high, double margin, int max_ticks, double unit = 1);

  // The same with equal ratios equally far apart, for 0 < low <= high. Ticks are powers of ten or,
  // where there is room, 1, 2 and 5 times or 1 and 3 times these; within less than a decade as on a
  // linear axis.
  static Axis Logarithmic(double low, double high, double margin, int max_ticks);

  // Where a value lies: 0 at the low end of the axis, 1 at its high end. On a logarithmic axis
  // values are above 0.
  double Place(double value) const;

  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  Scale scale_ = Scale::kLinear;
  double low_, high_;  // of a logarithmic axis: their logarithms to base 10
  std::vector<Tick> ticks_;
};

// As a tick is labelled: with a minus sign, not a hyphen. step: between ticks; tells the decimals.
std::string TickText(double value, double step);

}  // namespace anole::plot
