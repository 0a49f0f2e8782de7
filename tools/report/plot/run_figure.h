// What is drawn of runs: how they learned, and how they adapt to held-out tasks.
#pragma once

#include <vector>

#include "tools/report/plot/figure.h"
#include "tools/report/plot/groups.h"

namespace anole::plot {

// Left learning curves, right adaptation curves; a panel without data is left out. Of a single
// group the scores before and after adaptation are two named curves. Throws UserError where there
// is nothing to draw.
Figure RunFigure(const std::vector<Group>& groups);

}  // namespace anole::plot
