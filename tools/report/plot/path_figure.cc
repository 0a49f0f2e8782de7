#include "tools/report/plot/path_figure.h"

#include <fmt/format.h>

#include "agents/finite.h"
#include "agents/supervised/supervised_loop.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/task_set.h"
#include "tools/run/count_text.h"
#include "tools/run/fixed_point.h"

namespace anole::plot {
namespace {

// What is drawn of lines, each a column (slope, intercept).
Curve CurveOf(const std::vector<Vector>& lines) {
  Curve curve;
  curve.x = curve.y = Vector(static_cast<Eigen::Index>(lines.size()));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    curve.x[static_cast<Eigen::Index>(i)] = lines[i][0];
    curve.y[static_cast<Eigen::Index>(i)] = lines[i][1];
  }
  return curve;
}

std::vector<Vector> Path(const Run& run, const SupervisedLoop& loop) {
  const auto seed = static_cast<std::uint64_t>(run.experiment().run.seed);
  const Learnable start = loop.Initial(seed);
  std::vector<Vector> path(1, start.theta);
  for (const auto& file : run.directory().checkpoints().Files()) {
    const Vector theta = Learned(LoadState(file, loop.spec().layout)).theta;
    if (AllFinite(theta)) path.push_back(theta);
  }
  return path;
}

// The best fits to the tasks that training repeats.
std::vector<Vector> TaskPoints(const SupervisedLoop& loop) {
  std::vector<Vector> points;
  const Matrix tasks = ListedTasks(loop, Phase::kTrain);  // outlives the loop over its columns
  for (const auto& task : tasks.colwise()) {
    if (const auto point = TaskFixedPoint(loop, task)) points.push_back(*point);
  }
  return points;
}

}  // namespace

Figure PathFigure(const Run& run) {
  const auto* const loop = dynamic_cast<const SupervisedLoop*>(&run.loop());
  if (loop == nullptr || !IsLine(*loop)) {
    throw UserError("--path: is of a model of two parameters, a slope and an intercept; that of " +
                    run.directory().path().string() + " has others");
  }
  const std::vector<Vector> path = Path(run, *loop), tasks = TaskPoints(*loop);
  const auto end = MetaFixedPoint(run.experiment(), *loop);
  const CurveStyle of_path{StyleOf(0).color, Marker::kDisc}, of_tasks{kGrey, Marker::kSquare},
      of_end{StyleOf(1).color, Marker::kCross};
  Figure figure{.title = run.experiment().family() + ": theta during meta-training",
                .legend = {{of_path, "from random parameters on, over the checkpoints"}}};
  Panel panel{.x_label = "slope", .y_label = "intercept"};
  panel.curves.push_back({CurveOf(path), of_path});
  if (end && !tasks.empty()) {
    figure.legend.push_back({of_tasks, "the line that fits a task best", /*new_line=*/true});
    panel.curves.push_back({CurveOf(tasks), of_tasks, CurveForm::kScatter});
  }
  if (end) {
    figure.legend.push_back({of_end, "where it ends, in closed form"});
    panel.curves.push_back({CurveOf(std::vector<Vector>(1, *end)), of_end, CurveForm::kScatter});
    figure.caption =
        fmt::format("After {} {:.2g} away.", CountText(run.state().iteration, "iteration"),
                    (Learned(run.state()).theta - *end).norm());
  }
  figure.panels.push_back(std::move(panel));
  return figure;
}

}  // namespace anole::plot
