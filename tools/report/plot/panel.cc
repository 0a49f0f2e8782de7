#include "tools/report/plot/panel.h"

#include <algorithm>
#include <array>

namespace anole::plot {
namespace {

const Font kTickFont{.size = 12, .color = kInk}, kLabelFont{.size = 12.5, .color = kInk},
    kPanelTitleFont{.size = 13.5, .bold = true, .color = kInk},
    kUpdateFont{.size = 11.5, .color = kGrey};
constexpr Color kGridColor = {.9, .9, .9}, kFrameColor = {.45, .45, .45};
constexpr double kTickGap = 6;          // between an axis and the numbers at its ticks
constexpr double kPixelsForATick = 62;  // along x
constexpr int kMarkersOnALine = 6;
constexpr double kMaxShift = 4.5;  // between the bars of neighbouring curves

// Draws one panel: its data, placed on the canvas.
class Painter {
 public:
  Painter(Canvas& canvas, const Panel& panel, const Axis& y, const Box& box)
      : canvas_(canvas), panel_(panel), box_(box), y_(y), unit_(Unit()), x_(XAxis()) {}

  void DrawGrid() const {
    const Pen grid{kGridColor, 1};
    for (const Tick& tick : y_.ticks()) {
      const double at = Y(tick.value);
      Line({box_.left, at}, {box_.right, at}, grid);
      canvas_.Text(tick.text, {box_.left - kTickGap, at + .35 * kTickFont.size}, kTickFont,
                   Anchor::kEnd);
    }
    for (const Tick& tick : x_.ticks()) {
      const double at = X(tick.value);
      Line({at, box_.top}, {at, box_.bottom}, grid);
      canvas_.Text(tick.text, {at, box_.bottom + kTickGap + kTickFont.size - 2}, kTickFont,
                   Anchor::kMiddle);
    }
    const Pen frame{kFrameColor, 1};
    Line({box_.left, box_.top}, {box_.left, box_.bottom}, frame);
    Line({box_.left, box_.bottom}, {box_.right, box_.bottom}, frame);
  }

  void DrawLabels(double title_gap) const {
    const double middle = (box_.left + box_.right) / 2;
    canvas_.Text(panel_.title, {box_.left, box_.top - title_gap}, kPanelTitleFont);
    canvas_.Text(unit_.name.empty() ? panel_.x_label : panel_.x_label + " [" + unit_.name + "]",
                 {middle, box_.bottom + 38}, kLabelFont, Anchor::kMiddle);
    canvas_.Text(panel_.y_label, {box_.left - LeftMargin(y_) + 12, (box_.top + box_.bottom) / 2},
                 kLabelFont, Anchor::kMiddle, /*upright=*/true);
  }

  // Above the frame: "0 updates  1  2  3", as far as there is room.
  void DrawUpdates() const {
    double free_from = box_.left - kTickGap;
    for (std::size_t k = 0; k < panel_.updates.size(); ++k) {
      const double at = X(panel_.updates[k]);
      const std::string number = std::to_string(k),
                        text = k == 0 ? number + " " + panel_.update_name + "s" : number;
      const double from = at - TextWidth(number, kUpdateFont) / 2;
      if (from < free_from) continue;
      Line({at, box_.top}, {at, box_.top + 5}, {kFrameColor, 1});
      canvas_.Text(text, {from, box_.top - kTickGap}, kUpdateFont);
      free_from = from + TextWidth(text, kUpdateFont) + kTickGap;
    }
  }

  void DrawCurves() const {
    for (const PanelCurve& curve : panel_.curves) {
      if (curve.form == CurveForm::kLine) DrawBand(curve);
    }
    // Those that matter lie on top.
    for (const bool secondary : {true, false}) {
      for (std::size_t i = 0; i < panel_.curves.size(); ++i) {
        const PanelCurve& curve = panel_.curves[i];
        if (curve.style.secondary != secondary) continue;
        switch (curve.form) {
          case CurveForm::kLine:
            DrawLine(curve, i);
            break;
          case CurveForm::kPoints:
            DrawPoints(curve, Shift(i));
            break;
          case CurveForm::kScatter:
            for (const Point& point : Points(curve.curve.x, curve.curve.y)) {
              DrawMarker(canvas_, curve.style, point);
            }
            break;
        }
      }
    }
  }

 private:
  double High() const {
    double high = 0;
    for (const PanelCurve& curve : panel_.curves) high = std::max(high, curve.curve.x.maxCoeff());
    return high;
  }

  // Samples are counted from 0 on; inputs may be less.
  double Low() const {
    double low = 0;
    for (const PanelCurve& curve : panel_.curves) low = std::min(low, curve.curve.x.minCoeff());
    return low;
  }

  bool IsLogarithmic() const { return panel_.x_scale == Scale::kLogarithmic; }

  // Powers of ten need none.
  AxisUnit Unit() const { return IsLogarithmic() ? AxisUnit{} : CountUnit(High()); }

  Axis XAxis() const {
    const bool has_points = panel_.curves.front().form == CurveForm::kPoints;
    const int ticks = static_cast<int>((box_.right - box_.left) / kPixelsForATick);
    if (IsLogarithmic()) {
      double low = High();
      for (const PanelCurve& curve : panel_.curves) low = std::min(low, curve.curve.x.minCoeff());
      return Axis::Logarithmic(low, High(), .015, ticks);
    }
    return {Low(), High(), has_points ? .05 : .015, ticks, unit_.size};
  }

  double X(double value) const { return box_.left + x_.Place(value) * (box_.right - box_.left); }
  double Y(double value) const { return box_.bottom - y_.Place(value) * (box_.bottom - box_.top); }

  void Line(const Point& from, const Point& to, const Pen& pen) const {
    canvas_.Line(std::array<Point, 2>{from, to}, pen);
  }

  std::vector<Point> Points(const Vector& x, const Vector& y, double shift = 0) const {
    std::vector<Point> points;
    for (Eigen::Index i = 0; i < x.size(); ++i) points.push_back({X(x[i]) + shift, Y(y[i])});
    return points;
  }

  void DrawBand(const PanelCurve& curve) const {
    if (curve.curve.low.size() == 0) return;
    std::vector<Point> corners = Points(curve.curve.x, curve.curve.low);
    const std::vector<Point> above = Points(curve.curve.x, curve.curve.high);
    corners.insert(corners.end(), above.rbegin(), above.rend());
    canvas_.Area(corners, BandColor(curve.style));
  }

  void DrawLine(const PanelCurve& curve, std::size_t number) const {
    const std::vector<Point> points = Points(curve.curve.x, curve.curve.y);
    canvas_.Line(points, LinePen(curve.style));
    // Each curve has its markers elsewhere, so that they do not hide each other.
    const double part =
        (static_cast<double>(number) + .5) / static_cast<double>(panel_.curves.size());
    for (int k = 0; k < kMarkersOnALine; ++k) {
      const double share = (k + part) / kMarkersOnALine;
      const auto index = static_cast<std::size_t>(share * static_cast<double>(points.size()));
      DrawMarker(canvas_, curve.style, points[index]);
    }
  }

  // Curves are moved apart, or their bars would hide each other: all are met at the same samples.
  double Shift(std::size_t number) const {
    const auto count = static_cast<double>(panel_.curves.size());
    const double step = std::min(kMaxShift, 30 / count);
    return step * (static_cast<double>(number) - (count - 1) / 2);
  }

  void DrawPoints(const PanelCurve& curve, double shift) const {
    const Curve& data = curve.curve;
    const std::vector<Point> points = Points(data.x, data.y, shift);
    canvas_.Line(points, LinePen(curve.style));
    if (data.low.size() > 0) {
      const std::vector<Point> low = Points(data.x, data.low, shift),
                               high = Points(data.x, data.high, shift);
      for (std::size_t i = 0; i < points.size(); ++i) {
        Line(low[i], high[i], {curve.style.color, 1.4});
        for (const Point& end : {low[i], high[i]}) {
          Line({end.x - 2.5, end.y}, {end.x + 2.5, end.y}, {curve.style.color, 1.4});
        }
      }
    }
    for (const Point& point : points) DrawMarker(canvas_, curve.style, point);
  }

  Canvas& canvas_;
  const Panel& panel_;
  const Box& box_;
  const Axis& y_;
  const AxisUnit unit_;
  const Axis x_;
};

}  // namespace

double LeftMargin(const Axis& y) {
  double width = 0;
  for (const Tick& tick : y.ticks()) width = std::max(width, TextWidth(tick.text, kTickFont));
  return width + kTickGap + 22;
}

double TitleGap(const Panel& panel) { return panel.updates.empty() ? 12 : 26; }

void DrawPanel(Canvas& canvas, const Panel& panel, const Axis& y, const Box& box,
               double title_gap) {
  const Painter painter(canvas, panel, y, box);
  painter.DrawGrid();
  painter.DrawUpdates();
  painter.DrawCurves();
  painter.DrawLabels(title_gap);
}

}  // namespace anole::plot
