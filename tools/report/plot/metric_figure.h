// How a column of metrics.csv went over training.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/report/plot/figure.h"
#include "tools/report/plot/groups.h"

namespace anole::plot {

// One panel, a curve for each group. Nothing where no group has numbers in that column.
std::optional<Figure> MetricFigure(const std::vector<Group>& groups, const std::string& metric);

// The columns of the first run.
std::vector<std::string> MetricsOf(const std::vector<Group>& groups);

}  // namespace anole::plot
