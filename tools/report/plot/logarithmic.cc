#include "tools/report/plot/logarithmic.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "configs/user_error.h"

namespace anole::plot {
namespace {

double Least(const Panel& panel, std::initializer_list<Vector Curve::*> of) {
  double least = std::numeric_limits<double>::infinity();
  for (const PanelCurve& shown : panel.curves) {
    for (const auto values : of) {
      if ((shown.curve.*values).size() == 0) continue;
      least = std::min(least, (shown.curve.*values).minCoeff());
    }
  }
  return least;
}

// Samples of adaptation begin at none.
bool CountsFromZero(const Panel& panel) { return panel.curves.front().form == CurveForm::kPoints; }

void CheckPositive(char axis, const std::string& what, double least) {
  if (least > 0) return;
  throw UserError(fmt::format(
      "--log: {} cannot be logarithmic, for {} is {:.4g} at its least, and a logarithm is of "
      "numbers above 0",
      axis, what, least));
}

}  // namespace

void SetLogarithmic(const std::string& axes, Figure& figure) {
  if (axes != "x" && axes != "y" && axes != "xy") {
    throw UserError("--log=" + axes + ": can be x, y or xy");
  }
  if (axes.find('y') != std::string::npos) {
    for (const Panel& panel : figure.panels) {
      CheckPositive('y', panel.y_label, Least(panel, {&Curve::y, &Curve::low, &Curve::high}));
    }
    figure.y_scale = Scale::kLogarithmic;
  }
  if (axes.find('x') == std::string::npos) return;
  bool any = false;
  for (Panel& panel : figure.panels) {
    if (CountsFromZero(panel)) continue;
    CheckPositive('x', panel.x_label, Least(panel, {&Curve::x}));
    panel.x_scale = Scale::kLogarithmic;
    panel.x_label += " (logarithmic)";
    any = true;
  }
  if (!any) {
    throw UserError("--log: x cannot be logarithmic, for adaptation begins with 0 samples");
  }
}

}  // namespace anole::plot
