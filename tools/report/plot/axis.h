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

class Axis {
 public:
  // Covers [low, high] and, on both sides, `margin` of its length more. At most `max_ticks` ticks,
  // 1, 2 or 5 times a power of ten of `unit` apart.
  Axis(double low, double high, double margin, int max_ticks, double unit = 1);

  // Where a value lies: 0 at the low end of the axis, 1 at its high end.
  double Place(double value) const { return (value - low_) / (high_ - low_); }

  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  double low_, high_;
  std::vector<Tick> ticks_;
};

// As a tick is labelled: with a minus sign, not a hyphen. step: between ticks; tells the decimals.
std::string TickText(double value, double step);

}  // namespace anole::plot
