// The reports of a comparison that programs read.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "meta/statistics.h"
#include "tools/report/compare/report.h"
#include "tools/report/compare/rows.h"
#include "tools/report/csv_cell.h"
#include "tools/report/measures.h"
#include "tools/report/seed_statistics.h"
#include "tools/run/files/durable_file.h"

namespace anole::compare {
namespace {

using Json = nlohmann::ordered_json;

// Empty where there is none.
std::string CsvNumber(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace

std::string CsvReport(const CompareResult& result) {
  std::string text = "method,row,seed,task";
  for (const NamedUnit& parameter : result.spec.task_parameters) {
    text += fmt::format(",{}", report::CsvCell(parameter.name));
  }
  text += ",updates,samples," + result.spec.score + ",success\n";
  for (const MethodResult& method : result.methods) {
    for (std::size_t s = 0; s < method.evaluations.size(); ++s) {
      const Evaluation& evaluation = method.evaluations[s];
      for (Eigen::Index task = 0; task < evaluation.tasks.cols(); ++task) {
        for (Eigen::Index update = 0; update < evaluation.scores.rows(); ++update) {
          const double score = evaluation.OfTasks(evaluation.scores.row(update))[task];
          const double success = evaluation.OfTasks(evaluation.successes.row(update))[task];
          text += fmt::format("{},{},{},{}", report::CsvCell(method.name),
                              report::CsvCell(method.row), result.seeds[s], task);
          for (const double parameter : evaluation.tasks.col(task)) {
            text += fmt::format(",{}", parameter);
          }
          text += fmt::format(",{},{},{},{}\n", update, CsvNumber(evaluation.samples[update]),
                              CsvNumber(score), CsvNumber(success));
        }
      }
    }
  }
  return text;
}

std::string JsonReport(const CompareResult& result) {
  Json json = {{"family", result.family}, {"score", result.spec.score}, {"seeds", result.seeds}};
  for (const Row& row : Rows(result)) {
    const Evaluation& first = row.methods.front()->evaluations.front();
    Json entry = {{"name", row.name},
                  {"tasks", first.tasks.cols()},
                  {"trained_on", first.trained_on},
                  {"adaptations", first.adaptations}};
    for (const MethodResult* method : row.methods) {
      entry["methods"].push_back({{"name", method->name},
                                  {"train_samples", method->train_samples},
                                  {"step_size", method->step_size},
                                  {"step_factor", method->step_factor}});
      if (!method->failures.empty()) entry["methods"].back()["failures"] = method->failures;
    }
    for (Eigen::Index update = 0; update <= LastUpdate(result); ++update) {
      const std::vector<Vector> strata = Strata(row, update, result, report::MeanScore);
      const Evaluation& evaluation = row.methods.front()->evaluations.front();
      Json score = {{"update", update}, {"samples", evaluation.samples[update]}};
      score.update(report::SeedsJson(strata));
      for (std::size_t i = 0; i < strata.size(); ++i) {
        score["seeds"][row.methods[i]->name] =
            std::vector<double>(strata[i].begin(), strata[i].end());
      }
      score[evaluation.tasks.cols() < kTasksOfATenth ? "worst_task" : "worst_decile"] =
          Pool(Strata(row, update, result, report::WorstScore)).mean();
      const double success = Pool(Strata(row, update, result, report::SuccessRate)).mean();
      if (!std::isnan(success)) score["success"] = success;
      entry["updates"].push_back(std::move(score));
    }
    json["rows"].push_back(std::move(entry));
  }
  return json.dump(2) + "\n";
}

void WriteReports(const CompareResult& result, const std::filesystem::path& folder) {
  WriteWholeFile(folder / "table.md", MarkdownReport(result));
  WriteWholeFile(folder / "table.csv", CsvReport(result));
  WriteWholeFile(folder / "results.json", JsonReport(result));
}

}  // namespace anole::compare
