// Pictures with logarithmic axes.
#pragma once

#include <string>

#include "tools/report/plot/figure.h"

namespace anole::plot {

// `axes`: "x", "y" or "xy". Where x is counted from 0 on, as in adaptation, it stays linear. Throws
// UserError, which names the option --log, where `axes` is none of these, where a value is not
// above 0, or where there is no x but from 0 on.
void SetLogarithmic(const std::string& axes, Figure& figure);

}  // namespace anole::plot
