// The whole picture: a title, a legend, panels side by side with the same y axis, a caption.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/report/plot/panel.h"

namespace anole::plot {

struct LegendEntry {
  CurveStyle style;
  std::string name;
  bool new_line = false;
};

struct Figure {
  std::string title;
  std::vector<LegendEntry> legend;
  std::vector<Panel> panels;  // without data: not drawn, at least one is
  std::string caption;
  // What a reader has to know who compares the curves: in the caption too, and told on stderr.
  std::vector<std::string> warnings = {};
  Scale y_scale = Scale::kLinear;  // logarithmic: all y, low and high are above 0
};

// [inches]
struct PictureSize {
  double width = 0, height = 0;
};

// The bytes of the file. With a size the plots become as large as it leaves room for; where it is
// too narrow for them letters become smaller, too. Throws UserError, which names the option --size,
// where that could not be read.
std::string DrawFigure(const Figure& figure, PictureFormat format,
                       std::optional<PictureSize> size = std::nullopt);

}  // namespace anole::plot
