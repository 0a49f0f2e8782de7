#include "tools/plot/run_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "tools/compare/stored_evaluation.h"
#include "tools/experiment.h"
#include "tools/metrics_log.h"
#include "tools/run_directory.h"
#include "tools/run_task.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

Vector ToVector(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

// Rows in which a score is missing are passed over.
void ReadLearning(const fs::path& path, RunData& run) {
  const MetricsTable table = ReadMetrics(path);
  if (table.names.empty()) return;
  const auto column = [&](const std::string& end) {
    const auto found =
        std::ranges::find_if(table.names, [&](const auto& n) { return n.ends_with(end); });
    if (found == table.names.end()) {
      throw UserError(path.string() + ": has no column of '" + end + "'");
    }
    return static_cast<std::size_t>(found - table.names.begin());
  };
  const std::size_t places[3] = {column("env_steps"), column("/before"), column("/after")};
  const std::string& before = table.names[places[1]];
  run.score = before.substr(0, before.find('/'));
  std::vector<double> columns[3];
  for (const std::vector<double>& row : table.rows) {
    if (!std::ranges::all_of(places, [&](auto place) { return std::isfinite(row[place]); })) {
      continue;
    }
    if (!columns[0].empty() && row[places[0]] < columns[0].back()) {
      throw UserError(fmt::format("{}:{}: env_steps falls from {} to {}; are the rows in order?",
                                  path.string(), &row - table.rows.data() + 2, columns[0].back(),
                                  row[places[0]]));
    }
    for (int i = 0; i < 3; ++i) columns[i].push_back(row[places[i]]);
  }
  run.learning = {ToVector(columns[0]), ToVector(columns[1]), ToVector(columns[2])};
}

AdaptationData FromEvaluation(const Evaluation& evaluation) {
  const Eigen::Index updates = evaluation.scores.rows();
  AdaptationData data{.samples = evaluation.samples, .tasks = evaluation.scores.cols()};
  data.scores = data.ci95 = Vector(updates);
  for (Eigen::Index k = 0; k < updates; ++k) {
    const Score score = Summarize(evaluation.scores.row(k));
    data.scores[k] = score.mean;
    data.ci95[k] = score.ci95;
  }
  return data;
}

// `anole compare` leaves one file for each step size that was once chosen. Those of older
// checkpoints do not count; the run's own step size goes before others, which go by their names.
void ReadEvaluation(const RunDirectory& directory, std::optional<double> step_size, RunData& run) {
  const fs::path folder = directory.path() / "eval";
  if (!fs::is_directory(folder) || directory.checkpoints().Files().empty()) return;
  const std::string signature = Signature(ReadSafetensors(directory.checkpoints().Latest()));
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("test-step-")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  bool found = false;
  for (const fs::path& file : files) {
    const std::optional<StoredEvaluation> stored = ReadStoredEvaluation(file);
    if (!stored) {
      throw UserError(file.string() + ": is no evaluation by `anole compare`, or damaged");
    }
    if (stored->signature != signature) continue;
    const bool own = stored->step_size == step_size;
    if (found && !own) continue;
    run.adaptation = FromEvaluation(stored->evaluation);
    run.score = stored->score;
    if (own) return;
    found = true;
  }
}

}  // namespace

RunData ReadRun(const fs::path& path) {
  const RunDirectory directory = RunDirectory::Open(path);
  Experiment experiment = ExperimentOf(directory.path(), Settings::FromFile(directory.config()));
  RunData run{.path = path,
              .family = experiment.family(),
              .rolls_out = experiment.rolls_out(),
              .seed = experiment.run.seed};
  for (OptionDescription& option : experiment.Options()) {
    if (option.name == "inner.updates") run.updates = std::atoll(option.default_value.c_str());
    // Where a run starts from is a part of what it trains.
    if (option.name.starts_with("run.") && option.name != "run.initial") continue;
    run.options.push_back(std::move(option));
  }
  // The batch of the last update is the last one, unless the meta gradient wants one after it.
  if (!experiment.MakeGradient()->needs().gradient) --run.updates;
  ReadLearning(directory.metrics(), run);
  const std::optional<StepOption> step = experiment.step_option();
  ReadEvaluation(directory, step ? std::optional(step->value) : std::nullopt, run);
  return run;
}

}  // namespace anole
