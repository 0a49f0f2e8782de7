// Curves over samples in one pair of axes.
#pragma once

#include <string>
#include <vector>

#include "tools/report/plot/axis.h"
#include "tools/report/plot/canvas.h"
#include "tools/report/plot/curves.h"
#include "tools/report/plot/style.h"

namespace anole::plot {

// A line with a band; points with bars, one for each number of updates; points that no line joins.
enum class CurveForm { kLine, kPoints, kScatter };

struct PanelCurve {
  Curve curve;
  CurveStyle style;
  CurveForm form = CurveForm::kLine;
};

struct Panel {
  std::string title;
  std::string x_label, y_label;  // the unit of x is added
  std::vector<PanelCurve> curves;
  std::vector<double> updates;  // where on x so many updates are done; empty: not marked
  std::string update_name = "update";
  Scale x_scale = Scale::kLinear;  // logarithmic: all x are above 0
};

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

// The axes take `box`, their labels stand outside, the title title_gap above it.
void DrawPanel(Canvas& canvas, const Panel& panel, const Axis& y, const Box& box, double title_gap);

// What labels take outside the box.
double LeftMargin(const Axis& y);
double TitleGap(const Panel& panel);
inline constexpr double kBottomMargin = 46;

}  // namespace anole::plot
