#include "tools/evaluation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "tools/count_text.h"
#include "tools/goal.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

bool IsMeasured(const Matrix& values) { return !values.array().isNaN().all(); }

bool CountsSteps(const InnerLoopSpec& spec) { return spec.training.rollouts > 0; }

Json ToJson(const Score& score) {
  return {{"mean", score.mean},
          {"ci95", score.ci95},
          {"spread", score.spread},
          {"min", score.min},
          {"max", score.max}};
}

Json UpdatesToJson(const Evaluation& evaluation, const InnerLoopSpec& spec) {
  Json updates = Json::array();
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    Json score = ToJson(Summarize(evaluation.scores.row(k)));
    score["worst_decile"] = WorstDecile(evaluation.scores.row(k), spec.higher_is_better);
    Json update = {{"update", k}, {spec.score, std::move(score)}};
    const Eigen::Index failed = evaluation.scores.row(k).array().isNaN().count();
    if (failed > 0) update["failed_tasks"] = failed;
    if (CountsSteps(spec) && IsMeasured(evaluation.deterministic_scores)) {
      update["deterministic_" + spec.score] =
          ToJson(Summarize(evaluation.deterministic_scores.row(k)));
    }
    if (IsMeasured(evaluation.successes)) update["success"] = evaluation.successes.row(k).mean();
    update[CountsSteps(spec) ? "env_steps" : "examples"] = evaluation.samples[k];
    updates.push_back(std::move(update));
  }
  return updates;
}

// One decimal, so that the lines of a column agree; small numbers need more.
std::string NumberText(double value) {
  if (std::isnan(value)) return "failed";
  return std::abs(value) < 1 && value != 0 ? fmt::format("{:.3g}", value)
                                           : fmt::format("{:.1f}", value);
}

// Of what one task has none of.
std::string AmongTasksText(double value, VectorIn scores) {
  return scores.size() > 1 ? NumberText(value) : "-";
}

// "  -82.4 +-   7.1"
std::string ScoreText(VectorIn scores) {
  const Score score = Summarize(scores);
  if (std::isnan(score.mean)) return NumberText(score.mean);
  return fmt::format("{:>8} +- {:>5}", NumberText(score.mean), AmongTasksText(score.ci95, scores));
}

// A column of the table: its heading, its width and what it says after k updates.
struct Column {
  std::string name;
  int width = 0;
  std::vector<std::string> cells;
};

std::string Join(const std::vector<Column>& columns) {
  std::string text;
  for (const Column& column : columns) {
    text += fmt::format("{}{:>{}}", text.empty() ? "" : "  ", column.name, column.width);
  }
  text += '\n';
  for (std::size_t line = 0; line < columns.front().cells.size(); ++line) {
    std::string cells;
    for (const Column& column : columns) {
      cells += fmt::format("{}{:>{}}", cells.empty() ? "" : "  ", column.cells[line], column.width);
    }
    text += fmt::format("{}\n", cells);
  }
  return text;
}

// How many tasks a table's "failed" is about, in words; "" where there is none.
std::string FailuresText(const EvaluationReport& report) {
  std::string text;
  const auto add = [&](const Evaluation& evaluation, const std::string& whose) {
    const Eigen::Index broken = evaluation.broken_tasks();
    if (broken == 0) return;
    text += fmt::format("failed: on {} of {} updates break the parameters{}, which are not finite "
                        "any more; make {} smaller\n",
                        broken, CountText(evaluation.tasks.cols(), "task"), whose,
                        report.step_option);
  };
  add(report.evaluation, "");
  if (report.baseline) add(*report.baseline, " of random init");
  return text;
}

std::vector<Column> Columns(const EvaluationReport& report, std::string& legend) {
  const Evaluation& evaluation = report.evaluation;
  const InnerLoopSpec& spec = report.spec;
  const bool has_deterministic = CountsSteps(spec) && IsMeasured(evaluation.deterministic_scores);
  const bool has_success = IsMeasured(evaluation.successes);
  std::vector<Column> columns = {{"updates", 7, {}},
                                 {CountsSteps(spec) ? "env steps" : "examples", 10, {}},
                                 {spec.score, 17, {}},
                                 {"spread", 8, {}},
                                 {"worst tenth", 11, {}}};
  legend = "spread: standard deviation between tasks; worst tenth: mean of those tasks\n";
  const auto add = [&](const std::string& name, int width, const std::string& explanation) {
    columns.push_back({name, width, {}});
    legend += explanation;
  };
  if (has_success) add("success", 7, "");
  if (has_deterministic) add("without noise", 17, "without noise: no exploration\n");
  if (report.baseline) {
    add("random init", 17, "random init: untrained parameters, adapted as long\n");
  }
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    const Vector scores = evaluation.scores.row(k);
    std::vector<std::string> cells = {
        std::to_string(k), fmt::format("{:.0f}", evaluation.samples[k]), ScoreText(scores),
        AmongTasksText(Summarize(scores).spread, scores),
        AmongTasksText(WorstDecile(scores, spec.higher_is_better), scores)};
    if (has_success) {
      const double success = evaluation.successes.row(k).mean();
      cells.push_back(std::isnan(success) ? NumberText(success)
                                          : fmt::format("{:.0f} %", 100 * success));
    }
    if (has_deterministic) cells.push_back(ScoreText(evaluation.deterministic_scores.row(k)));
    if (report.baseline) cells.push_back(ScoreText(report.baseline->scores.row(k)));
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
  }
  return columns;
}

}  // namespace

std::string TableText(const EvaluationReport& report) {
  std::string legend;
  const std::vector<Column> columns = Columns(report, legend);
  legend += FailuresText(report);
  return fmt::format("{}: {}, mean {} +- 95 % interval\n{}{}", report.family,
                     CountText(report.evaluation.tasks.cols(), report.task_name), report.spec.score,
                     Join(columns), legend);
}

std::string TasksText(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  std::vector<Column> columns;
  const std::size_t told = std::min(report.spec.task_parameters.size(), kParametersTold);
  for (std::size_t row = 0; row < told; ++row) {
    Column column{report.spec.task_parameters[row].name, 13, {}};
    for (const double value : evaluation.tasks.row(static_cast<Eigen::Index>(row))) {
      column.cells.push_back(fmt::format("{:.3g}", value));
    }
    columns.push_back(std::move(column));
  }
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    Column column{CountText(k, "update"), 10, {}};
    for (const double value : evaluation.scores.row(k)) column.cells.push_back(NumberText(value));
    columns.push_back(std::move(column));
  }
  const std::size_t more = report.spec.task_parameters.size() - told;
  return fmt::format("\n{} of each task{}\n{}", report.spec.score,
                     more == 0 ? "" : fmt::format(" ({} more parameters: --json)", more),
                     Join(columns));
}

std::string JsonText(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  Json json = {{"family", report.family}, {"updates", UpdatesToJson(evaluation, report.spec)}};
  for (Eigen::Index i = 0; i < evaluation.tasks.cols(); ++i) {
    Json task;
    for (std::size_t row = 0; row < report.spec.task_parameters.size(); ++row) {
      task[report.spec.task_parameters[row].name] =
          evaluation.tasks(static_cast<Eigen::Index>(row), i);
    }
    task[report.spec.score] =
        std::vector<double>(evaluation.scores.col(i).begin(), evaluation.scores.col(i).end());
    json["tasks"].push_back(std::move(task));
  }
  if (report.baseline) json["baseline"] = UpdatesToJson(*report.baseline, report.spec);
  return json.dump(2) + "\n";
}

}  // namespace anole
