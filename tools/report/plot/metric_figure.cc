#include "tools/report/plot/metric_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tools/run/logs/metrics.h"

namespace anole::plot {
namespace {

// The column over samples; without elements where the run has none.
LearningData ReadColumn(const RunData& run, const std::string& metric) {
  const MetricsTable& table = *run.metrics;
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
  };
  const std::size_t x = place(SamplesColumn(run.rolls_out)), y = place(metric);
  if (x == table.names.size() || y == table.names.size()) return {};
  std::vector<double> samples, values;
  for (const std::vector<double>& row : table.rows) {
    if (!std::isfinite(row[x]) || !std::isfinite(row[y])) continue;
    samples.push_back(row[x]);
    values.push_back(row[y]);
  }
  const auto vector = [](const std::vector<double>& from) -> Vector {
    return Eigen::Map<const Vector>(from.data(), static_cast<Eigen::Index>(from.size()));
  };
  return {vector(samples), vector(values), vector(values)};
}

}  // namespace

std::optional<Figure> MetricFigure(const std::vector<Group>& groups, const std::string& metric) {
  const RunData& first = groups.front().methods.front().front();
  Figure figure{.title = metric};
  Panel panel{.x_label = first.rolls_out ? "environment steps" : "examples", .y_label = metric};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Group group = groups[i];
    for (auto& runs : group.methods) {
      for (RunData& run : runs) run.learning = ReadColumn(run, metric);
    }
    Curve curve = LearningCurve(group, &LearningData::after);
    if (curve.x.size() == 0) continue;
    panel.curves.push_back({std::move(curve), StyleOf(i)});
    if (groups.size() > 1) figure.legend.push_back({StyleOf(i), groups[i].name});
  }
  if (panel.curves.empty()) return std::nullopt;
  figure.panels.push_back(std::move(panel));
  return figure;
}

std::vector<std::string> MetricsOf(const std::vector<Group>& groups) {
  const RunData& first = groups.front().methods.front().front();
  return first.metrics->names;
}

}  // namespace anole::plot
