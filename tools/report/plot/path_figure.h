// The path of a line's two parameters over meta-training: slope and intercept, with where it would
// end and the lines of the tasks.
#pragma once

#include "tools/report/plot/figure.h"
#include "tools/run/run.h"

namespace anole::plot {

// Through the parameters that the run began with and those of its checkpoints, oldest first. Throws
// UserError where the run's model is no line.
Figure PathFigure(const Run& run);

}  // namespace anole::plot
