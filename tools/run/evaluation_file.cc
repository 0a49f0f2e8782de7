#include "tools/run/evaluation_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "configs/fingerprint.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/task_set.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/process/provenance.h"
#include "tools/run/run_task.h"

namespace anole {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "anole-evaluation-1";
constexpr std::string_view kFolder = "eval";

bool IsMeasured(const Matrix& values) { return !values.array().isNaN().all(); }

const char* PhaseName(Phase phase) { return phase == Phase::kTest ? "test" : "validation"; }

Json ToJson(const Evaluation& evaluation, const Score& score) {
  Json json = {{"mean", score.mean}, {"ci95", score.ci95}};
  if (IntervalKind(evaluation) == IntervalOf::kAdaptations) json["ci95_over"] = "adaptations";
  json["spread"] = score.spread;
  json["min"] = score.min;
  json["max"] = score.max;
  json[evaluation.tasks.cols() < kTasksOfATenth ? "worst_task" : "worst_decile"] = score.worst;
  return json;
}

Json UpdatesToJson(const EvaluationRecord& record, const Evaluation& evaluation) {
  Json updates = Json::array();
  const auto summary = [&](const Matrix& matrix, Eigen::Index k) {
    return ToJson(evaluation, Summarize(evaluation, matrix.row(k), record.higher_is_better));
  };
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    Json update = {{"update", k}, {record.score, summary(evaluation.scores, k)}};
    const Vector means = evaluation.OfTasks(evaluation.scores.row(k));
    const Eigen::Index failed = means.array().isNaN().count();
    if (failed > 0) update["failed_tasks"] = failed;
    if (record.rolls_out && IsMeasured(evaluation.deterministic_scores)) {
      update["deterministic_" + record.score] = summary(evaluation.deterministic_scores, k);
    }
    if (IsMeasured(evaluation.successes)) update["success"] = evaluation.successes.row(k).mean();
    update[SamplesColumn(record.rolls_out)] = evaluation.samples[k];
    updates.push_back(std::move(update));
  }
  return updates;
}

// The matrices of an evaluation by their names in the file.
std::vector<std::pair<std::string, const Matrix*>> Matrices(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  return {{record.score, &evaluation.scores},
          {"deterministic_" + record.score, &evaluation.deterministic_scores},
          {"success", &evaluation.successes}};
}

// Each task's parameters and its scores after 0, 1, ... updates; of several adaptations their mean,
// and each of them.
Json TasksToJson(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  const Eigen::Index count = evaluation.tasks.cols();
  Json tasks = Json::array();
  for (Eigen::Index i = 0; i < count; ++i) {
    Json task;
    for (std::size_t row = 0; row < record.task_parameters.size(); ++row) {
      task[record.task_parameters[row].name] = evaluation.tasks(static_cast<Eigen::Index>(row), i);
    }
    Json adaptations;
    for (const auto& [name, matrix] : Matrices(record)) {
      if (!IsMeasured(*matrix) && name != record.score) continue;
      Vector mean = Vector::Zero(matrix->rows());
      for (std::int64_t j = 0; j < evaluation.adaptations; ++j) {
        mean += matrix->col(j * count + i) / static_cast<double>(evaluation.adaptations);
        adaptations[name].push_back(Vector(matrix->col(j * count + i)));
      }
      task[name] = evaluation.adaptations == 1 ? Vector(matrix->col(i)) : mean;
    }
    if (evaluation.adaptations > 1) task["adaptations"] = std::move(adaptations);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

Json ToJson(const EvaluationRecord& record) {
  Json json = {{"format", kFormat},
               {"run", record.run},
               {"family", record.family},
               {"checkpoint", {{"iteration", record.iteration}, {"signature", record.signature}}},
               {"phase", PhaseName(record.phase)},
               {"chosen_goal", record.is_goal},
               {"seed", record.seed},
               {"adaptations", record.evaluation.adaptations},
               {"trained_on", record.evaluation.trained_on}};
  if (record.averaged) json["checkpoint"]["averaged"] = true;
  if (record.rolls_out) {
    json["rollouts"] = record.rollouts;
    json["horizon"] = record.horizon;
  }
  json["changed"] = Json::object();
  for (const OptionDifference& change : record.changed) {
    json["changed"][change.name] = {{"run", change.stored}, {"here", change.current}};
  }
  json["score"] = record.score;
  json["higher_is_better"] = record.higher_is_better;
  json["updates"] = UpdatesToJson(record, record.evaluation);
  if (record.baseline) json["baseline"] = UpdatesToJson(record, *record.baseline);
  json["task_parameters"] = Json::array();
  for (const NamedUnit& parameter : record.task_parameters) {
    json["task_parameters"].push_back({{"name", parameter.name}, {"unit", parameter.unit}});
  }
  json["tasks"] = TasksToJson(record);
  json["options"] = Json::object();
  for (const auto& [name, value] : record.options) json["options"][name] = value;
  json["versions"] = ProgramFacts();
  json["cpu"] = MachineFacts()["cpu"];
  json["date"] = record.date;
  return json;
}

// Whether two files tell of the same: whenever, and by whichever build of the same version.
bool SameResults(Json one, Json other) {
  for (Json* json : {&one, &other}) {
    for (const char* key : {"versions", "cpu", "date"}) json->erase(key);
  }
  return one.dump() == other.dump();  // as text: a number that is not finite is null there
}

// Whether there is such a file, and it is not damaged.
bool IsWhole(const fs::path& file) {
  if (!fs::exists(file)) return false;
  try {
    ReadEvaluation(file);
    return true;
  } catch (const UserError&) {
    return false;
  }
}

// What differs from the run, and what that makes of the tasks: those of other options were not
// trained on.
void AddChanges(const RunDirectory& run, const std::vector<OptionDescription>& options,
                EvaluationRecord& record) try {
  const Experiment stored = ExperimentOf(run.path(), Settings::FromFile(run.config()));
  bool other_tasks = record.is_goal;
  for (OptionDifference& change : Difference(stored.Options(), options)) {
    const bool is_of_run = std::ranges::none_of(
        record.options, [&](const auto& option) { return option.first == change.name; });
    const bool is_there = !change.current.empty();
    if (change.of_run || (is_of_run && is_there)) continue;
    other_tasks = other_tasks || change.name.starts_with("task.");
    record.changed.push_back(std::move(change));
  }
  if (other_tasks && record.evaluation.tasks.cols() > 0) {
    record.evaluation.trained_on = CountTrainedOn(*stored.MakeLoop(), record.evaluation.tasks);
  }
} catch (const UserError& error) {
  // The run's own files are somewhere else now, and the command line says where.
  record.changed.push_back({"config.toml", error.what(), "as in options"});
}

}  // namespace

std::string EvaluationRecord::Option(const std::string& name) const {
  for (const auto& [option, value] : options) {
    if (option == name) return value;
  }
  return "";
}

EvaluationRecord MakeRecord(const RunDirectory& run, const Experiment& experiment,
                            const InnerLoop& loop, const MetaState& state, Phase phase,
                            Evaluation evaluation) {
  const InnerLoopSpec& spec = loop.spec();
  EvaluationRecord record;
  record.run = run.name();
  record.family = experiment.family();
  record.score = spec.score;
  record.higher_is_better = spec.higher_is_better;
  record.rolls_out = experiment.rolls_out();
  record.iteration = state.iteration;
  record.signature = Signature(state);
  record.averaged = state.average.size() > 0;
  record.phase = phase;
  record.is_goal = experiment.evaluation.goals.cols() > 0;
  record.seed = experiment.evaluation.seed;
  record.by_memory = experiment.adapts_by_memory();
  record.step_name = experiment.step_name();
  record.task_parameters = spec.task_parameters;
  record.evaluation = std::move(evaluation);
  record.date = UtcTime();
  if (experiment.rolls_out()) {
    record.rollouts = experiment.evaluation.rollouts;
    record.horizon = dynamic_cast<const ControlLoop&>(loop).family().spec().horizon;
  }
  const std::vector<OptionDescription> options = experiment.Options();
  for (const OptionDescription& option : options) {
    if (option.of_run || option.path) continue;  // these name the run and its files
    record.options.emplace_back(option.name, option.default_value);
  }
  AddChanges(run, options, record);
  return record;
}

std::string KeyOf(const EvaluationRecord& record) {
  Json key = {{"phase", PhaseName(record.phase)}, {"signature", record.signature}};
  for (const auto& [name, value] : record.options) key["options"][name] = value;
  // The tasks follow from the rest, unless the user has chosen one.
  if (record.is_goal) key["goal"] = Vector(record.evaluation.tasks.reshaped());
  if (record.baseline) key["baseline"] = true;
  return key.dump();
}

std::string EvaluationText(const EvaluationRecord& record) { return ToJson(record).dump(2) + "\n"; }

fs::path EvaluationPath(const fs::path& run, const EvaluationRecord& record) {
  const std::string key = KeyOf(record);
  Fingerprint digest;
  digest.Add(std::as_bytes(std::span(key)));
  return run / kFolder /
         fmt::format("{}-{:06}-{}.json", record.is_goal ? "goal" : PhaseName(record.phase),
                     record.iteration, digest.text().substr(0, 10));
}

KeptEvaluation KeepEvaluation(const fs::path& run, const EvaluationRecord& record) {
  const Json json = ToJson(record);
  const fs::path first = EvaluationPath(run, record);
  fs::path file = first;
  for (int i = 2;; ++i) {
    if (!IsWhole(file)) break;
    const Json there = Json::parse(std::ifstream(file));
    if (SameResults(json, there)) return {file, there.dump(2) + "\n"};
    file = first.parent_path() / fmt::format("{}-{}.json", first.stem().string(), i);
  }
  const std::string text = json.dump(2) + "\n";
  CheckOwn(file.parent_path());
  WriteWholeFile(file, text);
  return {file, text};
}

std::vector<fs::path> EvaluationFiles(const fs::path& run) {
  std::vector<fs::path> files;
  const fs::path folder = run / kFolder;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace anole
