#include "tools/report/plot/fit_figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "agents/finite.h"
#include "configs/user_error.h"
#include "tools/run/count_text.h"

namespace anole::plot {
namespace {

constexpr Eigen::Index kPoints = 200;  // of a curve

Curve CurveOf(VectorIn x, VectorIn y) { return {.x = x, .y = y}; }

}  // namespace

Figure FitFigure(const SupervisedLoop& loop, const std::vector<FitStart>& starts, VectorIn task,
                 const Address& address, const std::vector<std::int64_t>& updates) {
  const DataSpec& data = loop.data();
  if (data.input_dim != 1 || data.output_dim != 1) {
    throw UserError(
        fmt::format("--fit: shows tasks of one input and one output; these have {} and {}",
                    data.input_dim, data.output_dim));
  }
  const Batch examples = loop.Examples(task, address), query = loop.Query(task);
  const double low = std::min(query.inputs.minCoeff(), examples.inputs.minCoeff());
  const double high = std::max(query.inputs.maxCoeff(), examples.inputs.maxCoeff());
  const Matrix inputs = Eigen::RowVectorXd::LinSpaced(kPoints, low, high);
  const CurveStyle truth{.color = kGrey, .secondary = true};
  const CurveStyle points{.color = kInk, .marker = Marker::kDisc};
  Figure figure{.legend = {{truth, "the task"}, {points, "what is seen of it"}}};
  for (std::size_t k = 0; k < updates.size(); ++k) {
    figure.legend.push_back({StyleOf(k), "after " + CountText(updates[k], "update")});
  }
  // In the order of inputs, whatever the family's is.
  std::vector<Eigen::Index> order(static_cast<std::size_t>(query.inputs.cols()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
  std::ranges::sort(order, {}, [&](Eigen::Index i) { return query.inputs(0, i); });
  Vector x(query.inputs.cols()), y(query.inputs.cols());
  for (std::size_t i = 0; i < order.size(); ++i) {
    x[static_cast<Eigen::Index>(i)] = query.inputs(0, order[i]);
    y[static_cast<Eigen::Index>(i)] = query.targets(0, order[i]);
  }
  for (const FitStart& start : starts) {
    const Plan plan{.updates = std::max<std::int64_t>(std::ranges::max(updates), 1),
                    .trajectory = true,
                    .one_batch = true};
    const Matrix trajectory = loop.Adapt(start.state, task, address, plan).trajectory;
    Panel panel{.title = start.name, .x_label = "input", .y_label = "output"};
    panel.curves.push_back({CurveOf(x, y), truth});
    for (std::size_t k = 0; k < updates.size(); ++k) {
      const Vector params = trajectory.col(updates[k]);
      if (!AllFinite(params)) continue;
      panel.curves.push_back(
          {CurveOf(inputs.row(0).transpose(), loop.Predict(params, inputs).row(0).transpose()),
           StyleOf(k)});
    }
    panel.curves.push_back(
        {CurveOf(examples.inputs.row(0).transpose(), examples.targets.row(0).transpose()), points,
         CurveForm::kScatter});
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace anole::plot
