// The whole picture: a title, a legend, panels side by side with the same y axis, a caption.
#pragma once

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
};

// The bytes of the file.
std::string DrawFigure(const Figure& figure, PictureFormat format);

}  // namespace anole::plot
