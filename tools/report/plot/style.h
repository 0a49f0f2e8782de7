// What tells curves apart: a colour that people with any colour vision can name, and a marker for
// prints in grey.
#pragma once

#include <cstddef>

#include "tools/report/plot/canvas.h"

namespace anole::plot {

enum class Marker { kNone, kDisc, kSquare, kTriangle, kDiamond, kTip, kCross };

struct CurveStyle {
  Color color;
  Marker marker = Marker::kNone;
  bool secondary = false;  // thin, pale and dashed: what stands beside the curve that matters
};

// The style of the i-th curve. Colours repeat after seven, pairs of colour and marker after 42.
CurveStyle StyleOf(std::size_t i);

inline constexpr Color kInk = {.15, .15, .15}, kGrey = {.42, .42, .42};

Pen LinePen(const CurveStyle& style);
Color BandColor(const CurveStyle& style);

void DrawMarker(Canvas& canvas, const CurveStyle& style, const Point& place);

// The line and marker of a legend, from `left` on, `width` long, at height y.
void DrawSample(Canvas& canvas, const CurveStyle& style, const Point& left, double width);

}  // namespace anole::plot
