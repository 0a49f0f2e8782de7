#include "tools/report/plot/style.h"

#include <array>
#include <cmath>
#include <numbers>

namespace anole::plot {
namespace {

// Okabe and Ito 2008, "Color Universal Design", without the yellow, which is pale on white.
constexpr std::array<Color, 7> kColors = {{{0, .447, .698},     // blue
                                           {.835, .369, 0},     // vermilion
                                           {0, .620, .451},     // green
                                           {.800, .475, .655},  // purple
                                           {.902, .624, 0},     // orange
                                           {.337, .706, .914},  // sky
                                           {.25, .25, .25}}};   // nearly black
constexpr std::array<Marker, 6> kMarkers = {Marker::kDisc,    Marker::kSquare, Marker::kTriangle,
                                            Marker::kDiamond, Marker::kTip,    Marker::kCross};
constexpr double kMarkerRadius = 4;  // [pixels]

// A regular polygon, its first corner at `turn` [right angles] clockwise from the right.
std::vector<Point> Polygon(const Point& center, double radius, int corners, double turn) {
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const double angle = (turn / 4 + static_cast<double>(i) / corners) * 2 * std::numbers::pi;
    points.push_back({center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)});
  }
  return points;
}

// Shapes of about equal area, `grow` pixels larger than a marker is.
void DrawShape(Canvas& canvas, const CurveStyle& style, const Point& at, double grow,
               const Color& color) {
  const double r = kMarkerRadius + grow;
  switch (style.marker) {
    case Marker::kNone:
      return;
    case Marker::kDisc:
      return canvas.Disc(at, r, color);
    case Marker::kSquare:
      return canvas.Area(Polygon(at, 1.25 * r, 4, .5), color);
    case Marker::kTriangle:
      return canvas.Area(Polygon({at.x, at.y + .2 * r}, 1.45 * r, 3, -1), color);
    case Marker::kDiamond:
      return canvas.Area(Polygon(at, 1.3 * r, 4, 0), color);
    case Marker::kTip:
      return canvas.Area(Polygon({at.x, at.y - .2 * r}, 1.45 * r, 3, 1), color);
    case Marker::kCross:
      for (const double side : {-1., 1.}) {
        const std::array<Point, 2> stroke = {
            {{at.x - r, at.y - side * r}, {at.x + r, at.y + side * r}}};
        canvas.Line(stroke, {color, 2.2 + grow});
      }
  }
}

}  // namespace

CurveStyle StyleOf(std::size_t i) {
  return {kColors[i % kColors.size()], kMarkers[i % kMarkers.size()]};
}

Pen LinePen(const CurveStyle& style) {
  Pen pen{style.color, 2};
  if (style.secondary) {
    pen.color.alpha = .75;
    pen.width = 1.3;
    pen.dash = {5, 3};
  }
  return pen;
}

Color BandColor(const CurveStyle& style) {
  Color color = style.color;
  color.alpha = .17;
  return color;
}

void DrawMarker(Canvas& canvas, const CurveStyle& style, const Point& place) {
  // A white rim parts markers that touch.
  DrawShape(canvas, style, place, 1, {1, 1, 1});
  DrawShape(canvas, style, place, 0, style.color);
}

void DrawSample(Canvas& canvas, const CurveStyle& style, const Point& left, double width) {
  const std::array<Point, 2> ends = {left, {left.x + width, left.y}};
  canvas.Line(ends, LinePen(style));
  DrawMarker(canvas, style, {left.x + width / 2, left.y});
}

}  // namespace anole::plot
