#include "tools/report/pooled_evaluation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "configs/user_error.h"
#include "tools/report/evaluation_label.h"
#include "tools/report/evaluation_report.h"
#include "tools/report/measures.h"
#include "tools/report/seed_statistics.h"
#include "tools/report/table_text.h"
#include "tools/run/run_task.h"

namespace anole::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// (seeds)
Vector OverSeeds(const std::vector<PooledRun>& runs, Eigen::Index update, auto&& measure,
                 bool of_baseline = false) {
  Vector values(static_cast<Eigen::Index>(runs.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const EvaluationRecord& record = runs[i].record;
    const Evaluation& evaluation =
        of_baseline && record.baseline ? *record.baseline : record.evaluation;
    values[static_cast<Eigen::Index>(i)] = measure(evaluation, update, record.higher_is_better);
  }
  return values;
}

TableColumn SeedsColumn(const std::string& name, const std::vector<PooledRun>& runs, auto&& measure,
                        bool of_baseline = false) {
  const Eigen::Index updates = runs.front().record.evaluation.scores.rows();
  std::vector<Vector> values;
  Vector centers(updates);
  for (Eigen::Index k = 0; k < updates; ++k) {
    values.push_back(OverSeeds(runs, k, measure, of_baseline));
    centers[k] = SeedsCenter(std::span(&values.back(), 1));
  }
  TableColumn column{name, {}};
  const int decimals = SharedDecimals(centers);
  for (const Vector& seeds : values) {
    column.cells.push_back(SeedsCell(std::span(&seeds, 1), decimals));
  }
  return column;
}

std::string SeedsText(const std::vector<PooledRun>& runs) {
  std::string text = runs.size() == 1 ? "seed " : "seeds ";
  for (const PooledRun& run : runs) {
    text += fmt::format("{}{}", &run == &runs.front() ? "" : ", ", run.seed);
  }
  return text;
}

}  // namespace

void CheckPoolable(const fs::path& first, const fs::path& other) {
  const auto stored = [](const fs::path& run) {
    return ExperimentOf(run, Settings::FromFile(RunDirectory::Open(run).config()));
  };
  const Experiment one = stored(first), two = stored(other);
  for (const OptionDifference& difference : Difference(one.Options(), two.Options())) {
    if (difference.of_run) continue;
    throw UserError(fmt::format(
        "{}: {} is {}, but {} in {}; only runs that differ in nothing but their seeds are pooled",
        other.string(), difference.name,
        difference.current.empty() ? "no option" : difference.current,
        difference.stored.empty() ? "no option" : difference.stored, first.string()));
  }
  if (one.run.seed == two.run.seed) {
    throw UserError(fmt::format("{}: is of seed {}, as {}; each seed counts once", other.string(),
                                two.run.seed, first.string()));
  }
}

namespace {

// For programs: the number that stands for the seeds, and each seed's.
std::string PooledCsv(const std::vector<PooledRun>& runs) {
  const EvaluationRecord& first = runs.front().record;
  std::string text = fmt::format("updates,{}", first.score);
  for (const PooledRun& run : runs) text += fmt::format(",seed_{}", run.seed);
  text += "\n";
  for (Eigen::Index k = 0; k < first.evaluation.scores.rows(); ++k) {
    const Vector values = OverSeeds(runs, k, MeanScore);
    text += fmt::format("{},{}", k, SeedsCenter(std::span(&values, 1)));
    for (const double value : values) text += fmt::format(",{}", value);
    text += "\n";
  }
  return text;
}

}  // namespace

std::string PooledTable(const std::vector<PooledRun>& runs, TableForm form) {
  if (form == TableForm::kCsv) return PooledCsv(runs);
  const EvaluationRecord& record = runs.front().record;
  const Evaluation& evaluation = record.evaluation;
  TableColumn updates{"updates", {}};
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    updates.cells.push_back(std::to_string(k));
  }
  std::vector<TableColumn> columns = {updates, SeedsColumn(record.score, runs, MeanScore)};
  if (evaluation.tasks.cols() > 1) {
    columns.push_back(SeedsColumn(WorstLabel(evaluation.tasks.cols()), runs, WorstScore));
  }
  if (!evaluation.successes.array().isNaN().all()) {
    columns.push_back(SeedsColumn("success", runs, SuccessRate));
  }
  if (record.baseline) {
    columns.push_back(SeedsColumn("random init", runs, MeanScore, /*of_baseline=*/true));
  }
  return FormedTable(form,
                     fmt::format("{}; {}\n{}\n", EvaluationTitle(record), SeedsText(runs),
                                 SeedsExplanation(static_cast<Eigen::Index>(runs.size()))),
                     columns, UpdateMeaning(record));
}

std::string PooledJson(const std::vector<PooledRun>& runs) {
  const EvaluationRecord& first = runs.front().record;
  Json json = {{"format", "anole-pooled-evaluation-1"},
               {"family", first.family},
               {"score", first.score},
               {"seeds", Json::array()},
               {"updates", Json::array()},
               {"runs", Json::array()}};
  for (const PooledRun& run : runs) {
    json["seeds"].push_back(run.seed);
    json["runs"].push_back(Json::parse(run.text));
  }
  for (Eigen::Index k = 0; k < first.evaluation.scores.rows(); ++k) {
    const Vector values = OverSeeds(runs, k, MeanScore);
    Json score = SeedsJson(std::span(&values, 1));
    score["seeds"] = std::vector<double>(values.begin(), values.end());
    json["updates"].push_back({{"update", k}, {first.score, std::move(score)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace anole::report
