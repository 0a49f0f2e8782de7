#include "tools/compare/stored_evaluation.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "configs/toml_text.h"
#include "meta/checkpoint.h"
#include "tools/durable_file.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"
#include "tools/shared_work.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

// Column by column. JSON has no NaN; null stands for it.
Json ToJson(const Matrix& matrix) {
  Json columns = Json::array();
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) {
    columns.push_back(std::vector<double>(matrix.col(i).begin(), matrix.col(i).end()));
  }
  return columns;
}

Matrix ToMatrix(const Json& columns) {
  Matrix matrix(columns.at(0).size(), columns.size());
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) {
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
      const Json& value = columns.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(row));
      matrix(row, i) =
          value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
    }
  }
  return matrix;
}

// Whatever the result depends on.
Json Key(Experiment& experiment, const MetaState& state, Phase phase) {
  Json options;
  for (const OptionDescription& option : experiment.Options()) {
    if (option.name.starts_with("run.") || option.kept) continue;  // these name the run
    options[option.name] = option.default_value;
  }
  return {{"phase", phase == Phase::kTest ? "test" : "validation"},
          {"signature", Signature(state)},
          {"options", options}};
}

// How long an inner step was, by the stored options.
std::optional<double> StepSize(const Json& options) {
  static const std::vector<OptionDescription> kCatalogue = Experiment::Catalogue();
  for (const OptionDescription& option : kCatalogue) {
    if (!option.is_inner_step || !options.contains(option.name)) continue;
    return std::strtod(options.at(option.name).get<std::string>().c_str(), nullptr);
  }
  return std::nullopt;
}

}  // namespace

std::optional<StoredEvaluation> ReadStoredEvaluation(const fs::path& file) try {
  const Json json = Json::parse(std::ifstream(file));
  const Json& key = json.at("key");
  const Json& options = key.at("options");
  return StoredEvaluation{
      .key = key.dump(),
      .signature = key.at("signature").get<std::string>(),
      .step_size = StepSize(options),
      .score = json.at("score").get<std::string>(),
      .evaluation = {.tasks = ToMatrix(json.at("tasks")),
                     .scores = ToMatrix(json.at("scores")),
                     .deterministic_scores = ToMatrix(json.at("deterministic_scores")),
                     .successes = ToMatrix(json.at("successes")),
                     .samples = ToMatrix(json.at("samples")).col(0)}};
} catch (const Json::exception&) {
  return std::nullopt;
}

Evaluation EvaluateOnce(const Settings& settings, const fs::path& path, Phase phase,
                        const Communicator& ranks) {
  Experiment experiment(settings);
  const auto loop = experiment.MakeLoop();
  const MetaState state =
      LoadState(RunDirectory::Open(path).checkpoints().Latest(), loop->spec().layout);
  const Json key = Key(experiment, state, phase);
  const std::optional<StepOption> step = experiment.step_option();
  const fs::path file = path / "eval" /
                        fmt::format("{}-step-{}.json", key["phase"].get<std::string>(),
                                    step ? TomlText(step->value) : "none");
  // A file that is damaged or of other settings is made again.
  if (auto stored = ReadStoredEvaluation(file); stored && stored->key == key.dump()) {
    return std::move(stored->evaluation);
  }
  Evaluation evaluation = ShareEvaluation(ranks, experiment, *loop, state, phase);
  const Json json = {{"key", key},
                     {"score", loop->spec().score},
                     {"samples", ToJson(evaluation.samples)},
                     {"tasks", ToJson(evaluation.tasks)},
                     {"scores", ToJson(evaluation.scores)},
                     {"deterministic_scores", ToJson(evaluation.deterministic_scores)},
                     {"successes", ToJson(evaluation.successes)}};
  WriteWholeFile(file, json.dump(1) + "\n");
  return evaluation;
}

}  // namespace anole
