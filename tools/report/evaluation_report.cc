#include "tools/report/evaluation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/report/csv_cell.h"
#include "tools/report/evaluation_label.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"
#include "tools/run/goal.h"

namespace anole::report {
namespace {

bool IsMeasured(const Matrix& values) { return !values.array().isNaN().all(); }

// A summary for each number of updates.
std::vector<Score> Scores(const EvaluationRecord& record, const Evaluation& evaluation,
                          const Matrix& matrix) {
  std::vector<Score> scores;
  for (Eigen::Index k = 0; k < matrix.rows(); ++k) {
    scores.push_back(Summarize(evaluation, matrix.row(k), record.higher_is_better));
  }
  return scores;
}

Vector PartOfEach(const std::vector<Score>& scores, double Score::* part) {
  Vector values(static_cast<Eigen::Index>(scores.size()));
  for (std::size_t k = 0; k < scores.size(); ++k) {
    values[static_cast<Eigen::Index>(k)] = scores[k].*part;
  }
  return values;
}

TableColumn NumberColumn(const std::string& name, VectorIn values, int decimals) {
  TableColumn column{name, {}};
  for (const double value : values) column.cells.push_back(ScoreText(value, decimals));
  return column;
}

TableColumn NumberColumn(const std::string& name, VectorIn values) {
  return NumberColumn(name, values, SharedDecimals(values));
}

// "-82.4 +-  7.1", without what is not known.
TableColumn ScoreColumn(const std::string& name, const std::vector<Score>& scores) {
  const Vector means = PartOfEach(scores, &Score::mean), widths = PartOfEach(scores, &Score::ci95);
  const int decimals = SharedDecimals(means);
  TableColumn column{name, {}};
  std::vector<std::string> intervals;
  std::size_t longest = 0;
  for (const double width : widths) {
    intervals.push_back(std::isfinite(width) ? DecimalText(width, decimals) : "");
    longest = std::max(longest, intervals.back().size());
  }
  for (Eigen::Index k = 0; k < means.size(); ++k) {
    const std::string& interval = intervals[static_cast<std::size_t>(k)];
    std::string cell = ScoreText(means[k], decimals);
    if (longest > 0) {
      cell += fmt::format("{}{:>{}}", interval.empty() ? "    " : " +- ", interval, longest);
    }
    column.cells.push_back(std::move(cell));
  }
  return column;
}

// What the columns of the table mean.
std::string Legend(const EvaluationRecord& record, bool has_deterministic) {
  const Evaluation& evaluation = record.evaluation;
  std::string text;
  if (IntervalKind(evaluation) == IntervalOf::kAdaptations) {
    text += "+-: 95 % interval over adaptations to the same tasks, not over tasks\n";
  }
  if (record.averaged) text += "adapted from the moving average of theta, see meta.average\n";
  const std::int64_t tasks = evaluation.tasks.cols();
  if (tasks > 1) {
    text += fmt::format("spread: standard deviation between tasks; {}\n",
                        tasks < kTasksOfATenth ? "worst task: the worst score of one"
                                               : "worst tenth: mean of those tasks");
  }
  text += UpdateMeaning(record);
  if (has_deterministic) text += "without noise: no exploration\n";
  if (record.baseline) text += "random init: untrained parameters, adapted as long\n";
  return text;
}

// How many tasks a table's "failed" is about, in words; "" where there is none.
std::string FailuresText(const EvaluationRecord& record) {
  std::string text;
  const auto add = [&](const Evaluation& evaluation, const std::string& whose) {
    const Eigen::Index broken = evaluation.broken_tasks();
    if (broken == 0) return;
    text += fmt::format(
        "failed: on {} of {} updates break the parameters{}, which are not finite "
        "any more; make {} smaller\n",
        broken, CountText(evaluation.tasks.cols(), "task"), whose, record.step_name);
  };
  add(record.evaluation, "");
  if (record.baseline) add(*record.baseline, " of random init");
  return text;
}

}  // namespace

std::string EvaluationTitle(const EvaluationRecord& record) {
  EvaluatedTasks tasks = TasksOf(record.evaluation, record.phase);
  std::string label = AdaptationsLabel(tasks);
  if (record.is_goal && tasks.tasks == 1) {
    label = GoalText(record.evaluation.tasks.col(0), record.task_parameters);
    if (tasks.trained_on == 1) label += ", also trained on";
    if (tasks.adaptations > 1) label += fmt::format(", {} adaptations", tasks.adaptations);
  }
  return record.family + ": " + label;
}

namespace {

std::string Number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

// For programs: numbers as they are, empty where there is none.
std::string EvaluationCsv(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  std::string text =
      fmt::format("updates,{},{},ci95,spread,worst,success,without_noise,random_init\n",
                  record.rolls_out ? "env_steps" : "examples", record.score);
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    const auto score_of = [&](const Evaluation& of, const Matrix& scores) {
      return Summarize(of, scores.row(k), record.higher_is_better);
    };
    const Score score = score_of(evaluation, evaluation.scores);
    text += fmt::format(
        "{},{:.0f},{},{},{},{},{},{},{}\n", k, evaluation.samples[k], Number(score.mean),
        Number(score.ci95), Number(score.spread), Number(score.worst),
        Number(evaluation.successes.row(k).mean()),
        Number(record.rolls_out ? score_of(evaluation, evaluation.deterministic_scores).mean
                                : std::nan("")),
        Number(record.baseline ? score_of(*record.baseline, record.baseline->scores).mean
                               : std::nan("")));
  }
  return text;
}

// A line for each task and number of updates.
std::string TasksCsv(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  std::string text = "task";
  for (const NamedUnit& parameter : record.task_parameters) {
    text += fmt::format(",{}", CsvCell(parameter.name));
  }
  text += fmt::format(",updates,{}\n", record.score);
  for (Eigen::Index task = 0; task < evaluation.tasks.cols(); ++task) {
    for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
      text += fmt::format("{}", task);
      for (const double parameter : evaluation.tasks.col(task))
        text += fmt::format(",{}", parameter);
      text +=
          fmt::format(",{},{}\n", k, Number(evaluation.OfTasks(evaluation.scores.row(k))[task]));
    }
  }
  return text;
}

}  // namespace

std::string UpdateMeaning(const EvaluationRecord& record) {
  if (!record.by_memory) return "";
  return "update: an episode more that the policy remembers; its parameters stay\n";
}

std::string EvaluationTable(const EvaluationRecord& record, TableForm form) {
  if (form == TableForm::kCsv) return EvaluationCsv(record);
  const Evaluation& evaluation = record.evaluation;
  const std::int64_t tasks = evaluation.tasks.cols();
  const std::vector<Score> scores = Scores(record, evaluation, evaluation.scores);
  TableColumn updates{"updates", {}}, samples{record.rolls_out ? "env steps" : "examples", {}};
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    updates.cells.push_back(std::to_string(k));
    samples.cells.push_back(fmt::format("{:.0f}", evaluation.samples[k]));
  }
  std::vector<TableColumn> columns = {updates, samples, ScoreColumn(record.score, scores)};
  if (tasks > 1) {
    columns.push_back(NumberColumn("spread", PartOfEach(scores, &Score::spread)));
    columns.push_back(NumberColumn(WorstLabel(tasks), PartOfEach(scores, &Score::worst)));
  }
  if (IsMeasured(evaluation.successes)) {
    TableColumn column{"success", {}};
    for (Eigen::Index k = 0; k < evaluation.successes.rows(); ++k) {
      const double share = evaluation.successes.row(k).mean();
      column.cells.push_back(std::isnan(share) ? "failed" : fmt::format("{:.0f} %", 100 * share));
    }
    columns.push_back(std::move(column));
  }
  const bool has_deterministic = record.rolls_out && IsMeasured(evaluation.deterministic_scores);
  if (has_deterministic) {
    columns.push_back(
        ScoreColumn("without noise", Scores(record, evaluation, evaluation.deterministic_scores)));
  }
  if (record.baseline) {
    columns.push_back(
        ScoreColumn("random init", Scores(record, *record.baseline, record.baseline->scores)));
  }
  const bool over_tasks = IntervalKind(evaluation) == IntervalOf::kTasks;
  return FormedTable(form,
                     fmt::format("{}, mean {}{}\n", EvaluationTitle(record), record.score,
                                 over_tasks ? " +- 95 % interval" : ""),
                     columns, Legend(record, has_deterministic) + FailuresText(record));
}

std::string TasksTable(const EvaluationRecord& record, TableForm form) {
  if (form == TableForm::kCsv) return TasksCsv(record);
  const Evaluation& evaluation = record.evaluation;
  std::vector<TableColumn> columns;
  const std::size_t told = std::min(record.task_parameters.size(), kParametersTold);
  for (std::size_t row = 0; row < told; ++row) {
    const Vector values = evaluation.tasks.row(static_cast<Eigen::Index>(row));
    const bool are_whole = (values.array() == values.array().round()).all();
    columns.push_back(NumberColumn(record.task_parameters[row].name, values,
                                   are_whole ? 0 : SharedDecimals(values)));
  }
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    columns.push_back(
        NumberColumn(CountText(k, "update"), evaluation.OfTasks(evaluation.scores.row(k))));
  }
  const std::size_t more = record.task_parameters.size() - told;
  const std::string above =
      fmt::format("{} of each task{}{}\n", record.score,
                  evaluation.adaptations == 1 ? "" : ", mean over its adaptations",
                  more == 0 ? "" : fmt::format(" ({} more parameters: --json)", more));
  return fmt::format("\n{}", FormedTable(form, above, columns, "", told));
}

}  // namespace anole::report
