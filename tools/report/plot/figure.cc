#include "tools/report/plot/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "configs/user_error.h"

namespace anole::plot {
namespace {

// [pixels]. A README shows a picture about 900 wide.
constexpr double kMargin = 14, kPlotHeight = 270, kPlotWidth = 372, kWideWidth = 520;
constexpr double kTitleHeight = 26, kLegendLine = 21, kCaptionLine = 16, kSampleWidth = 30,
                 kPanelTitleHeight = 22;
constexpr double kLegendGap = 22;    // between entries
constexpr double kRightMargin = 24;  // the last number of an axis may stand over the edge
constexpr int kYTicks = 7;
const Font kTitleFont{.size = 16, .bold = true, .color = kInk},
    kLegendFont{.size = 13, .color = kInk}, kCaptionFont{.size = 11, .color = kGrey};

// Where each entry of a legend begins, in lines of `width`.
std::vector<Point> LegendPlaces(const std::vector<LegendEntry>& legend, double width) {
  std::vector<Point> places;
  Point next;
  for (const LegendEntry& entry : legend) {
    const double size = kSampleWidth + 6 + TextWidth(entry.name, kLegendFont);
    if (next.x > 0 && (entry.new_line || next.x + size > width)) next = {0, next.y + kLegendLine};
    places.push_back(next);
    next.x += size + kLegendGap;
  }
  return places;
}

std::vector<std::string> WrappedLines(const std::string& text, double width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (lines.empty() || TextWidth(lines.back() + " " + word, kCaptionFont) > width) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
  }
  return lines;
}

// For all panels: what is learned in training is then seen beside what it is worth in tests.
Axis SharedY(const std::vector<Panel>& panels, Scale scale, int ticks) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Panel& panel : panels) {
    for (const PanelCurve& shown : panel.curves) {
      for (const Vector* values : {&shown.curve.y, &shown.curve.low, &shown.curve.high}) {
        if (values->size() == 0) continue;
        low = std::min(low, values->minCoeff());
        high = std::max(high, values->maxCoeff());
      }
    }
  }
  if (scale == Scale::kLogarithmic) return Axis::Logarithmic(low, high, .04, ticks);
  return {low, high, .04, ticks};
}

// What the picture shows, for who cannot see it.
std::string Description(const Figure& figure) {
  std::string text;
  for (const Panel& panel : figure.panels) {
    text += panel.title + ": " + panel.y_label + " over " + panel.x_label + ". ";
  }
  if (figure.y_scale == Scale::kLogarithmic) text += "The y axis is logarithmic. ";
  text += "Curves: ";
  for (const LegendEntry& entry : figure.legend) {
    text += (&entry == &figure.legend.front() ? "" : ", ") + entry.name;
  }
  return text + ". " + figure.caption;
}

// A picture that is wider than usual has wider plots; one that is narrower has smaller letters.
Sheet SheetOf(const PictureSize& size, double usual_width) {
  constexpr double kLeastLetter = 4;  // [points]
  const double width = kPointsOfAnInch * size.width, height = kPointsOfAnInch * size.height;
  const double scale = std::min(1., width / usual_width);
  if (scale * kCaptionFont.size < kLeastLetter) {
    throw UserError(fmt::format(
        "--size: {:g} inches are too narrow to read what stands there; at least {:.1f}", size.width,
        std::ceil(10 * usual_width * kLeastLetter / kCaptionFont.size / kPointsOfAnInch) / 10));
  }
  return {width / scale, height / scale, scale, /*for_print=*/true};
}

// plot, rest: how high these are.
void CheckHeight(double plot, const Sheet& sheet, double rest) {
  constexpr double kLeast = 100;
  if (plot >= kLeast) return;
  throw UserError(fmt::format(
      "--size: with all that stands around it the picture must be {:.1f} inches high, or more",
      std::ceil(10 * (rest + kLeast) * sheet.scale / kPointsOfAnInch) / 10));
}

}  // namespace

std::string DrawFigure(const Figure& figure, PictureFormat format,
                       std::optional<PictureSize> size) {
  const Axis y = SharedY(figure.panels, figure.y_scale, kYTicks);
  const double left = kMargin + LeftMargin(y), panel_gap = LeftMargin(y) + kMargin;
  const auto panels = static_cast<double>(figure.panels.size());
  const double beside = left + (panels - 1) * panel_gap + kRightMargin;  // what no plot takes
  double plot_width = figure.panels.size() == 1 ? kWideWidth : kPlotWidth;
  double width = std::ceil(beside + panels * plot_width);
  Sheet sheet;
  if (size) {
    sheet = SheetOf(*size, width);
    width = sheet.width;
    plot_width = (width - beside) / panels;
  }

  const std::vector<Point> places = LegendPlaces(figure.legend, width - left - kMargin);
  const double legend_height = places.empty() ? 0 : places.back().y + kLegendLine;
  const std::vector<std::string> caption = WrappedLines(figure.caption, width - left - kMargin);
  double title_gap = 0;
  for (const Panel& panel : figure.panels) title_gap = std::max(title_gap, TitleGap(panel));
  const double top = kMargin + kTitleHeight + legend_height + kPanelTitleHeight + title_gap;
  const double below = kBottomMargin + kCaptionLine * static_cast<double>(caption.size()) + kMargin;
  const double bottom = size ? sheet.height - below : top + kPlotHeight;
  if (size) {
    CheckHeight(bottom - top, sheet, top + below);
  } else {
    sheet = {.width = width, .height = std::ceil(bottom + below)};
  }

  Canvas canvas(format, sheet);
  canvas.Text(figure.title, {left, kMargin + 15}, kTitleFont);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Point at{left + places[i].x, kMargin + kTitleHeight + kLegendLine / 2 + places[i].y};
    DrawSample(canvas, figure.legend[i].style, at, kSampleWidth);
    canvas.Text(figure.legend[i].name, {at.x + kSampleWidth + 6, at.y + 4.5}, kLegendFont);
  }
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const double from = left + static_cast<double>(i) * (plot_width + panel_gap);
    DrawPanel(canvas, figure.panels[i], y, {from, top, from + plot_width, bottom}, title_gap);
  }
  for (std::size_t i = 0; i < caption.size(); ++i) {
    const double line = static_cast<double>(i + 1);
    canvas.Text(caption[i], {left, bottom + kBottomMargin + kCaptionLine * line}, kCaptionFont);
  }
  return canvas.Finish(figure.title, Description(figure));
}

}  // namespace anole::plot
