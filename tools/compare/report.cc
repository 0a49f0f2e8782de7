#include "tools/compare/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "meta/statistics.h"
#include "tools/csv_cell.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

// A row of the tables: the methods that share it.
struct Row {
  std::string name;
  std::vector<const MethodResult*> methods;
};

std::vector<Row> Rows(const CompareResult& result) {
  std::vector<Row> rows;
  for (const MethodResult& method : result.methods) {
    const auto row = std::ranges::find(rows, method.row, &Row::name);
    if (row == rows.end()) {
      rows.push_back({method.row, {&method}});
    } else {
      row->methods.push_back(&method);
    }
  }
  return rows;
}

// What is measured of one evaluation.
using Measure = double (*)(const Evaluation&, Eigen::Index update, bool higher_is_better);

double MeanScore(const Evaluation& evaluation, Eigen::Index update, bool /*higher_is_better*/) {
  return evaluation.scores.row(update).mean();
}
double WorstScore(const Evaluation& evaluation, Eigen::Index update, bool higher_is_better) {
  return WorstDecile(evaluation.scores.row(update), higher_is_better);
}
double SuccessRate(const Evaluation& evaluation, Eigen::Index update, bool /*higher_is_better*/) {
  return evaluation.successes.row(update).mean();
}

// For each method of a row: (seeds).
std::vector<Vector> Strata(const Row& row, Eigen::Index update, const CompareResult& result,
                           Measure measure) {
  std::vector<Vector> strata;
  for (const MethodResult* method : row.methods) {
    Vector values(static_cast<Eigen::Index>(method->evaluations.size()));
    for (Eigen::Index i = 0; i < values.size(); ++i) {
      values[i] = measure(method->evaluations[static_cast<std::size_t>(i)], update,
                          result.spec.higher_is_better);
    }
    strata.push_back(std::move(values));
  }
  return strata;
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "failed";
  return std::abs(value) >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

// "473 [430, 512]" or, of few seeds, "473 (539, 509, 371)".
std::string Cell(const std::vector<Vector>& strata) {
  const Vector pooled = Pool(strata);
  if (strata.front().size() >= kMinSeeds) {
    if (pooled.hasNaN()) return NumberText(pooled.sum());
    const Interval interval = BootstrapInterval(strata);
    return fmt::format("{} [{}, {}]", NumberText(InterquartileMean(pooled)),
                       NumberText(interval.low), NumberText(interval.high));
  }
  std::string values;
  for (const double value : pooled) values += (values.empty() ? "" : ", ") + NumberText(value);
  return pooled.size() == 1 ? values : fmt::format("{} ({})", NumberText(pooled.mean()), values);
}

Eigen::Index LastUpdate(const CompareResult& result) {
  return result.methods.front().evaluations.front().scores.rows() - 1;
}

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

// The head of a Markdown table: the columns before those of updates, and those after them.
std::string TableHead(std::vector<std::string> columns, const CompareResult& result,
                      const std::vector<std::string>& after) {
  for (const Eigen::Index update : ShownUpdates(result)) {
    columns.push_back(fmt::format("{}", update));
  }
  columns.insert(columns.end(), after.begin(), after.end());
  std::string names = "|", rule = "|";
  for (const std::string& column : columns) {
    names += fmt::format(" {} |", column);
    rule += "---|";
  }
  return fmt::format("{}\n{}\n", names, rule);
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

std::string ScoreTable(const CompareResult& result) {
  const Eigen::Index last = LastUpdate(result);
  const bool has_success = HasSuccess(result);
  std::vector<std::string> after = {fmt::format("worst tenth after {}", last)};
  if (has_success) after.emplace_back("success");
  std::string text = TableHead({"method", "steps", "inner step"}, result, after);
  for (const Row& row : Rows(result)) {
    std::string step_sizes;
    for (const MethodResult* method : row.methods) {
      const std::string step_size =
          std::isnan(method->step_size) ? "none" : fmt::format("{:.3g}", method->step_size);
      if (step_sizes.find(step_size) == std::string::npos) {
        step_sizes += (step_sizes.empty() ? "" : ", ") + step_size;
      }
    }
    text += fmt::format("| {} | {:.3g}M | {} |", row.name,
                        static_cast<double>(row.methods.front()->train_samples) / 1e6, step_sizes);
    for (const Eigen::Index update : ShownUpdates(result)) {
      text += fmt::format(" {} |", Cell(Strata(row, update, result, MeanScore)));
    }
    text += fmt::format(" {} |", NumberText(Pool(Strata(row, last, result, WorstScore)).mean()));
    if (has_success) {
      const double success = Pool(Strata(row, last, result, SuccessRate)).mean();
      text += std::isnan(success) ? " failed |" : fmt::format(" {:.0f} % |", 100 * success);
    }
    text += "\n";
  }
  return text;
}

// Rows are compared seed by seed: equal seeds start from the same parameters, all meet the same
// test tasks.
std::string DifferenceTable(const CompareResult& result) {
  const std::vector<Row> rows = Rows(result);
  std::string text = TableHead({fmt::format("minus {}", rows.front().name)}, result, {});
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].methods.size() != rows.front().methods.size()) continue;  // pooled: no pairs
    text += fmt::format("| {} |", rows[i].name);
    for (const Eigen::Index update : ShownUpdates(result)) {
      std::vector<Vector> strata = Strata(rows[i], update, result, MeanScore);
      const std::vector<Vector> first = Strata(rows.front(), update, result, MeanScore);
      for (std::size_t j = 0; j < strata.size(); ++j) strata[j] -= first[j];
      text += fmt::format(" {} |", Cell(strata));
    }
    text += "\n";
  }
  return text;
}

std::string SeedsText(const std::vector<std::int64_t>& seeds) {
  std::string text;
  for (const std::int64_t seed : seeds) text += (text.empty() ? "" : ", ") + std::to_string(seed);
  return text;
}

}  // namespace

std::string MarkdownReport(const CompareResult& result) {
  const bool claims = static_cast<Eigen::Index>(result.seeds.size()) >= kMinSeeds;
  const Evaluation& evaluation = result.methods.front().evaluations.front();
  std::string text = fmt::format(
      "{}: {} after so many updates, on {} held-out tasks; seeds {}.\n{}\n\n", result.family,
      result.spec.score, evaluation.tasks.cols(), SeedsText(result.seeds),
      claims ? "Interquartile mean over seeds [95 % interval, stratified bootstrap of seeds]."
             : "Mean (each seed's value): fewer than five seeds, so no claim.");
  text += ScoreTable(result) + FailuresText(result);
  if (claims && Rows(result).size() > 1) {
    text += "\nDifference to the first row, seed by seed:\n\n" + DifferenceTable(result);
  }
  return text;
}

namespace {

// Empty where there is none.
std::string CsvNumber(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace

std::string CsvReport(const CompareResult& result) {
  std::string text = "method,row,seed,task";
  for (const NamedUnit& parameter : result.spec.task_parameters) text += fmt::format(",{}", CsvCell(parameter.name));
  text += ",updates,samples," + result.spec.score + ",success\n";
  for (const MethodResult& method : result.methods) {
    for (std::size_t s = 0; s < method.evaluations.size(); ++s) {
      const Evaluation& evaluation = method.evaluations[s];
      for (Eigen::Index task = 0; task < evaluation.tasks.cols(); ++task) {
        for (Eigen::Index update = 0; update < evaluation.scores.rows(); ++update) {
          text += fmt::format("{},{},{},{}", CsvCell(method.name), CsvCell(method.row),
                              result.seeds[s], task);
          for (const double parameter : evaluation.tasks.col(task)) {
            text += fmt::format(",{}", parameter);
          }
          text += fmt::format(",{},{},{},{}\n", update, CsvNumber(evaluation.samples[update]),
                              CsvNumber(evaluation.scores(update, task)),
                              CsvNumber(evaluation.successes(update, task)));
        }
      }
    }
  }
  return text;
}

std::string JsonReport(const CompareResult& result) {
  Json json = {{"family", result.family}, {"score", result.spec.score}, {"seeds", result.seeds}};
  for (const Row& row : Rows(result)) {
    Json entry = {{"name", row.name}};
    for (const MethodResult* method : row.methods) {
      entry["methods"].push_back({{"name", method->name},
                                  {"train_samples", method->train_samples},
                                  {"step_size", method->step_size},
                                  {"step_factor", method->step_factor}});
      if (!method->failures.empty()) entry["methods"].back()["failures"] = method->failures;
    }
    for (Eigen::Index update = 0; update <= LastUpdate(result); ++update) {
      const std::vector<Vector> strata = Strata(row, update, result, MeanScore);
      Json score = {{"update", update},
                    {"samples", row.methods.front()->evaluations.front().samples[update]},
                    {"mean", Pool(strata).mean()}};
      if (strata.front().size() >= kMinSeeds && !Pool(strata).hasNaN()) {
        const Interval interval = BootstrapInterval(strata);
        score["interquartile_mean"] = InterquartileMean(Pool(strata));
        score["interval"] = {interval.low, interval.high};
      }
      for (std::size_t i = 0; i < strata.size(); ++i) {
        score["seeds"][row.methods[i]->name] =
            std::vector<double>(strata[i].begin(), strata[i].end());
      }
      score["worst_decile"] = Pool(Strata(row, update, result, WorstScore)).mean();
      const double success = Pool(Strata(row, update, result, SuccessRate)).mean();
      if (!std::isnan(success)) score["success"] = success;
      entry["updates"].push_back(std::move(score));
    }
    json["rows"].push_back(std::move(entry));
  }
  return json.dump(2) + "\n";
}

}  // namespace anole
