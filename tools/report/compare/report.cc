#include "tools/report/compare/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "configs/text_lines.h"
#include "meta/statistics.h"
#include "tools/report/compare/rows.h"
#include "tools/report/evaluation_label.h"
#include "tools/report/measures.h"
#include "tools/report/seed_statistics.h"
#include "tools/report/table_text.h"

namespace anole::compare {
namespace {

// The columns of a table: each of the first few updates, then 10, 20, 50, 100, ... and the last.
// The other reports have them all.
std::vector<Eigen::Index> ShownUpdates(const CompareResult& result) {
  constexpr Eigen::Index kFew = 5;
  const Eigen::Index last = LastUpdate(result);
  std::vector<Eigen::Index> shown;
  for (Eigen::Index update = 0; update <= std::min(kFew, last); ++update) shown.push_back(update);
  for (Eigen::Index decade = 10; decade <= last; decade *= 10) {
    for (const Eigen::Index factor : {1, 2, 5}) {
      if (factor * decade <= last) shown.push_back(factor * decade);
    }
  }
  if (shown.back() != last) shown.push_back(last);
  return shown;
}

using Table = std::vector<report::TableColumn>;

// A column of each number of updates that is shown.
void AddUpdates(const CompareResult& result, const std::vector<std::vector<std::string>>& cells,
                Table& table) {
  const std::vector<Eigen::Index> shown = ShownUpdates(result);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    table.push_back({fmt::format("{}", shown[i]), cells[i]});
  }
}

// The cells of a column, one for each row; their numbers have the same decimals.
std::vector<std::string> Cells(const std::vector<std::vector<Vector>>& rows) {
  Vector centers(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    centers[static_cast<Eigen::Index>(i)] = report::SeedsCenter(rows[i]);
  }
  const int decimals = report::SharedDecimals(centers);
  std::vector<std::string> cells;
  for (const std::vector<Vector>& strata : rows)
    cells.push_back(report::SeedsCell(strata, decimals));
  return cells;
}

// Of each row: the mean of its runs' worst tenth of tasks, or worst tasks, whichever the column is
// of; "-" where its tasks have none.
std::vector<std::string> WorstCells(const std::vector<Row>& rows, const CompareResult& result) {
  const std::int64_t tasks_of_column = result.methods.front().evaluations.front().tasks.cols();
  Vector worst(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    worst[static_cast<Eigen::Index>(i)] =
        Pool(Strata(rows[i], LastUpdate(result), result, report::WorstScore)).mean();
  }
  const int decimals = report::SharedDecimals(worst);
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t tasks = rows[i].methods.front()->evaluations.front().tasks.cols();
    const bool has_one =
        tasks > 1 && report::WorstLabel(tasks) == report::WorstLabel(tasks_of_column);
    cells.push_back(has_one ? report::ScoreText(worst[static_cast<Eigen::Index>(i)], decimals)
                            : "-");
  }
  return cells;
}

// Whether the family knows success; a run that failed does not tell.
bool HasSuccess(const CompareResult& result) {
  return std::ranges::any_of(result.methods, [](const MethodResult& method) {
    return std::ranges::any_of(method.evaluations, [](const Evaluation& evaluation) {
      return !std::isnan(evaluation.successes(0, 0));
    });
  });
}

// What the table's "failed" stands for, a line each.
std::string FailuresText(const CompareResult& result) {
  std::string text;
  for (const MethodResult& method : result.methods) {
    for (const std::string& failure : method.failures) {
      text += fmt::format("- {}, {}\n", method.name, failure);
    }
  }
  return text.empty() ? "" : "\nfailed:\n\n" + text;
}

// The inner step sizes of a row's methods, each once.
std::string StepSizesText(const Row& row) {
  std::string text;
  for (const MethodResult* method : row.methods) {
    const std::string step_size =
        std::isnan(method->step_size) ? "none" : fmt::format("{:.3g}", method->step_size);
    if (text.find(step_size) == std::string::npos) text += (text.empty() ? "" : ", ") + step_size;
  }
  return text;
}

std::string SuccessText(const Row& row, const CompareResult& result) {
  const double share = Pool(Strata(row, LastUpdate(result), result, report::SuccessRate)).mean();
  return std::isnan(share) ? "failed" : fmt::format("{:.0f} %", 100 * share);
}

Table ScoreTable(const CompareResult& result) {
  const Evaluation& first = result.methods.front().evaluations.front();
  const std::vector<Row> rows = Rows(result);
  Table table = {{.name = "method", .words = true},
                 {.name = result.spec.rolls_out ? "steps" : "examples"},
                 {.name = "inner step"}};
  for (const Row& row : rows) {
    table[0].cells.push_back(row.name);
    table[1].cells.push_back(report::SamplesText(row.methods.front()->train_samples));
    table[2].cells.push_back(StepSizesText(row));
  }
  std::vector<std::vector<std::string>> scores;
  for (const Eigen::Index update : ShownUpdates(result)) {
    std::vector<std::vector<Vector>> strata;
    for (const Row& row : rows) strata.push_back(Strata(row, update, result, report::MeanScore));
    scores.push_back(Cells(strata));
  }
  AddUpdates(result, scores, table);
  table.push_back(
      {fmt::format("{} after {}", report::WorstLabel(first.tasks.cols()), LastUpdate(result)),
       WorstCells(rows, result)});
  if (!HasSuccess(result)) return table;
  report::TableColumn& success = table.emplace_back();
  success.name = "success";
  for (const Row& row : rows) success.cells.push_back(SuccessText(row, result));
  return table;
}

// Rows are compared seed by seed: equal seeds start from the same parameters, all meet the same
// test tasks. Empty where there is nothing to compare.
Table DifferenceTable(const CompareResult& result) {
  const std::vector<Row> rows = Rows(result);
  std::vector<const Row*> compared;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].methods.size() != rows.front().methods.size()) continue;  // pooled: no pairs
    compared.push_back(&rows[i]);
  }
  if (compared.empty()) return {};
  Table table = {{.name = fmt::format("minus {}", rows.front().name), .words = true}};
  for (const Row* row : compared) table[0].cells.push_back(row->name);
  std::vector<std::vector<std::string>> cells;
  for (const Eigen::Index update : ShownUpdates(result)) {
    const std::vector<Vector> first = Strata(rows.front(), update, result, report::MeanScore);
    std::vector<std::vector<Vector>> differences;
    for (const Row* row : compared) {
      std::vector<Vector>& strata =
          differences.emplace_back(Strata(*row, update, result, report::MeanScore));
      for (std::size_t j = 0; j < strata.size(); ++j) strata[j] -= first[j];
    }
    cells.push_back(Cells(differences));
  }
  AddUpdates(result, cells, table);
  return table;
}

// Which rows are of other tasks than the first one, as experts are.
std::string OwnTasksText(const CompareResult& result) {
  const Matrix& first = result.methods.front().evaluations.front().tasks;
  std::string text;
  for (const Row& row : Rows(result)) {
    const bool own = std::ranges::any_of(row.methods, [&](const MethodResult* method) {
      const Matrix& tasks = method->evaluations.front().tasks;
      return tasks.cols() != first.cols() || tasks != first;
    });
    if (!own) continue;
    const report::EvaluatedTasks tasks =
        report::TasksOf(row.methods.front()->evaluations.front(), Phase::kTest);
    const char* whose = row.methods.size() > 1 ? "each on tasks of its own" : "on its own tasks";
    text += fmt::format("\n{}: {}, {}.\n", row.name, whose, report::AdaptationsLabel(tasks));
  }
  return text;
}

// Where an update of some methods takes far more steps than that of others: how many.
std::string UpdateStepsText(const CompareResult& result) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  std::string text;
  for (const Row& row : Rows(result)) {
    const Vector& samples = row.methods.front()->evaluations.front().samples;
    if (samples.size() < 2) return "";
    least = std::min(least, samples[1]);
    most = std::max(most, samples[1]);
    text += fmt::format("{}{} {:.0f}", text.empty() ? "" : ", ", row.name, samples[1]);
  }
  if (most <= 2 * least) return "";
  return fmt::format("\nSteps of the first update: {}.\n", text);
}

std::string SeedsText(const std::vector<std::int64_t>& seeds) {
  std::string text;
  for (const std::int64_t seed : seeds) text += (text.empty() ? "" : ", ") + std::to_string(seed);
  return text;
}

// The report in the form of its parts: of running text, which may have several lines, and of
// tables.
template <class Prose, class Draw>
std::string Report(const CompareResult& result, const Prose& prose, const Draw& draw) {
  const bool claims = static_cast<Eigen::Index>(result.seeds.size()) >= kMinSeeds;
  const Evaluation& evaluation = result.methods.front().evaluations.front();
  std::string text = prose(fmt::format(
      "{}: {} after so many updates, on {}; seeds {}.\n{}\n\n", result.family, result.spec.score,
      report::AdaptationsLabel(report::TasksOf(evaluation, Phase::kTest)), SeedsText(result.seeds),
      report::SeedsExplanation(static_cast<Eigen::Index>(result.seeds.size()))));
  text += draw(ScoreTable(result)) +
          prose(OwnTasksText(result) + UpdateStepsText(result) + FailuresText(result));
  const Table differences = claims ? DifferenceTable(result) : Table();
  if (!differences.empty()) {
    text += prose("\nDifference to the first row, seed by seed:\n\n") + draw(differences);
  }
  return text;
}

}  // namespace

std::string TextReport(const CompareResult& result) {
  const auto wrapped = [](const std::string& text) {
    std::string lines;
    for (const std::string& line : Wrap(text)) lines += line + "\n";
    return lines;
  };
  return Report(result, wrapped, [](const Table& table) { return report::TableText(table); });
}

std::string MarkdownReport(const CompareResult& result) {
  return Report(result, [](const std::string& text) { return text; }, report::MarkdownTable);
}

std::string LatexReport(const CompareResult& result) {
  const auto commented = [](const std::string& text) { return fmt::format("% {}", text); };
  return Report(result, commented, report::LatexTable);
}

}  // namespace anole::compare
