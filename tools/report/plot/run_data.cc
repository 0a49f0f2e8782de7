#include "tools/report/plot/run_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/open_request.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_task.h"
#include "tools/run/update_name.h"

namespace anole::plot {
namespace {

namespace fs = std::filesystem;

Vector ToVector(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

// Rows in which a score is missing are passed over.
void ReadLearning(const fs::path& path, RunData& run) {
  run.metrics = std::make_shared<MetricsTable>(ReadMetrics(path));
  const MetricsTable& table = *run.metrics;
  if (table.names.empty()) return;
  const auto column = [&](const std::string& end) {
    const auto found =
        std::ranges::find_if(table.names, [&](const auto& n) { return n.ends_with(end); });
    if (found == table.names.end()) {
      throw UserError(path.string() + ": has no column of '" + end + "'");
    }
    return static_cast<std::size_t>(found - table.names.begin());
  };
  // Of data, older versions called them environment steps.
  const std::string examples = SamplesColumn(/*rolls_out=*/false);
  const bool has_examples = std::ranges::find(table.names, examples) != table.names.end();
  const std::size_t places[3] = {column(SamplesColumn(!has_examples)), column("/before"),
                                 column("/after")};
  const std::string& before = table.names[places[1]];
  run.score = before.substr(0, before.find('/'));
  std::vector<double> columns[3];
  for (const std::vector<double>& row : table.rows) {
    if (!std::ranges::all_of(places, [&](auto place) { return std::isfinite(row[place]); })) {
      continue;
    }
    if (!columns[0].empty() && row[places[0]] < columns[0].back()) {
      throw UserError(fmt::format("{}:{}: {} falls from {} to {}; are the rows in order?",
                                  path.string(), &row - table.rows.data() + 2,
                                  table.names[places[0]], columns[0].back(), row[places[0]]));
    }
    for (int i = 0; i < 3; ++i) columns[i].push_back(row[places[i]]);
  }
  run.learning = {ToVector(columns[0]), ToVector(columns[1]), ToVector(columns[2])};
}

AdaptationData FromRecord(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  const Eigen::Index updates = evaluation.scores.rows();
  AdaptationData data{.samples = evaluation.samples,
                      .tasks = report::TasksOf(evaluation, record.phase)};
  data.interval = IntervalKind(evaluation);
  data.scores = data.ci95 = Vector(updates);
  for (Eigen::Index k = 0; k < updates; ++k) {
    const Score score = Summarize(evaluation, evaluation.scores.row(k), record.higher_is_better);
    data.scores[k] = score.mean;
    data.ci95[k] = score.ci95;
  }
  return data;
}

// What the file has of random initial parameters, adapted to the same tasks.
AdaptationData BaselineOf(const EvaluationRecord& record) {
  if (!record.baseline_means) return {};
  return {.samples = record.baseline_means->samples,
          .scores = record.baseline_means->scores,
          .ci95 = record.baseline_means->ci95,
          .interval = IntervalKind(record.evaluation),
          .tasks = report::TasksOf(record.evaluation, record.phase)};
}

// How far the options of an evaluation are from those of its run.
enum class Departure {
  kNone,     // or only in how much is evaluated
  kStep,     // the inner step size, as `anole compare` chooses it
  kFurther,  // other tasks, for instance: that is not what a curve of the run is taken for
};

// What is known of an option, whosever it is; null: nothing.
const OptionDescription* Known(const std::string& name) {
  static const std::vector<OptionDescription> kCatalogue = Experiment::Catalogue();
  const auto found = std::ranges::find(kCatalogue, name, &OptionDescription::name);
  return found == kCatalogue.end() ? nullptr : &*found;
}

Departure DepartureOf(const EvaluationRecord& record) {
  Departure departure = Departure::kNone;
  for (const OptionDifference& change : record.changed) {
    const OptionDescription* const option = Known(change.name);
    if (option == nullptr) return Departure::kFurther;
    if (option->use == Use::kEvaluation) continue;
    if (!option->is_inner_step) return Departure::kFurther;
    departure = Departure::kStep;
  }
  return departure;
}

// Of the evaluations in the run's folder that are of its newest checkpoint and of test tasks, the
// one that departs least from the run and, of several, the one made last.
void ReadAdaptation(const RunDirectory& directory, RunData& run) {
  const std::vector<fs::path> files = EvaluationFiles(directory.path());
  if (files.empty() || directory.checkpoints().Files().empty()) return;
  const std::string signature = Signature(ReadSafetensors(directory.checkpoints().Latest()));
  std::optional<EvaluationRecord> chosen;
  std::vector<EvaluationRecord> with_baseline;
  for (const fs::path& file : files) {
    EvaluationRecord record = ReadEvaluation(file);
    if (record.signature != signature || record.phase != Phase::kTest || record.is_goal) continue;
    if (DepartureOf(record) == Departure::kFurther) {
      ++run.evaluations_left_out;
      continue;
    }
    ++run.evaluations;
    if (record.baseline_means) with_baseline.push_back(record);
    const auto rank = [](const EvaluationRecord& of) { return DepartureOf(of); };
    if (!chosen || rank(record) < rank(*chosen) ||
        (rank(record) == rank(*chosen) && record.date >= chosen->date)) {
      chosen = std::move(record);
      run.evaluation = file;
    }
  }
  if (!chosen) return;
  run.adaptation = FromRecord(*chosen);
  // The same evaluation may have been made with random initial parameters and then without.
  for (const EvaluationRecord& record : with_baseline) {
    if (record.options == chosen->options) run.random_init = BaselineOf(record);
  }
  run.score = chosen->score;
}

}  // namespace

RunData ReadRun(const fs::path& path) {
  const RunDirectory directory = RunDirectory::Open(path);
  const Experiment experiment =
      ExperimentOf(directory.path(), Settings::FromFile(directory.config()));
  WarnIfEdited(directory, experiment);
  RunData run{.path = path,
              .family = experiment.family(),
              .rolls_out = experiment.rolls_out(),
              .seed = experiment.run.seed,
              .inner_updates = experiment.inner_updates(),
              .update_name = UpdateName(experiment.adapts_by_memory())};
  for (OptionDescription& option : experiment.Options()) {
    if (!option.of_run) run.options.push_back(std::move(option));
  }
  run.updates = experiment.scored_updates();
  ReadLearning(directory.metrics(), run);
  ReadAdaptation(directory, run);
  return run;
}

}  // namespace anole::plot
