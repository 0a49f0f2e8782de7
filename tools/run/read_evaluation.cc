// The reader of tools/run/evaluation_file.h. A file may come from anywhere, so nothing in it is
// believed before it is looked at.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "configs/excerpt.h"
#include "configs/user_error.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/logs/metrics.h"

namespace anole {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30;  // [bytes]
constexpr int kDeepest = 8;
constexpr std::int64_t kLargestCount = std::int64_t{1} << 53;

// What is wrong with a file, whose path is added above.
class Damage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

const Json& At(const Json& json, const std::string& key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || found == json.end()) throw Damage(fmt::format("has no '{}'", key));
  return *found;
}

std::string Text(const Json& json, const std::string& key) {
  const Json& value = At(json, key);
  if (!value.is_string()) throw Damage(fmt::format("'{}' is no text", key));
  const auto text = value.get<std::string>();
  // It is told to people, whose terminals would take it for commands.
  if (OneLine(text) != text) throw Damage(fmt::format("'{}' holds control characters", key));
  return text;
}

bool Flag(const Json& json, const std::string& key) {
  const Json& value = At(json, key);
  if (!value.is_boolean()) throw Damage(fmt::format("'{}' is neither true nor false", key));
  return value.get<bool>();
}

std::int64_t Count(const Json& json, const std::string& key, std::int64_t min, std::int64_t max) {
  const Json& value = At(json, key);
  if (value.is_number_integer()) {
    const bool small = !value.is_number_unsigned() ||
                       value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kLargestCount);
    const std::int64_t count = small ? value.get<std::int64_t>() : kLargestCount + 1;
    if (count >= min && count <= max) return count;
  }
  throw Damage(fmt::format("'{}' is no integer from {} to {}", key, min, max));
}

const Json& List(const Json& json, const std::string& key, std::size_t min, std::size_t max) {
  const Json& value = At(json, key);
  if (!value.is_array()) throw Damage(fmt::format("'{}' is no list", key));
  if (value.size() < min || value.size() > max) {
    throw Damage(min == max ? fmt::format("'{}' has {} elements, not {}", key, value.size(), min)
                            : fmt::format("'{}' has {} elements, not {} to {}", key, value.size(),
                                          min, max));
  }
  return value;
}

double Finite(const Json& value, const std::string& what) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    throw Damage(fmt::format("{} is no finite number", what));
  }
  return value.get<double>();
}

// `size` numbers; null stands for those that are not finite.
Vector Numbers(const Json& values, const std::string& what, Eigen::Index size) {
  if (!values.is_array() || static_cast<Eigen::Index>(values.size()) != size) {
    throw Damage(fmt::format("'{}' is no list of {} numbers", what, size));
  }
  Vector numbers(size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const Json& value = values[static_cast<std::size_t>(i)];
    numbers[i] = value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                 : Finite(value, fmt::format("'{}'", what));
  }
  return numbers;
}

// One of the matrices of an evaluation; NaN where no task has it. It is as large as what the file
// tells, which is read first: the sizes that it states may be any.
Matrix ReadMatrix(const Json& tasks, const std::string& name, bool required, Eigen::Index updates,
                  std::int64_t adaptations) {
  const auto count = static_cast<Eigen::Index>(tasks.size());
  const bool told = required || tasks.front().contains(name);
  std::vector<Vector> columns;
  for (const Json& task : tasks) {
    if (!told) break;
    if (adaptations == 1) {
      columns.push_back(Numbers(At(task, name), name, updates));
      continue;
    }
    const auto size = static_cast<std::size_t>(adaptations);
    for (const Json& scores : List(At(task, "adaptations"), name, size, size)) {
      columns.push_back(Numbers(scores, name, updates));
    }
  }
  Matrix matrix =
      Matrix::Constant(updates, adaptations * count, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto task = static_cast<Eigen::Index>(i) / adaptations,
               adaptation = static_cast<Eigen::Index>(i) % adaptations;
    matrix.col(adaptation * count + task) = columns[i];
  }
  return matrix;
}

Evaluation ReadScores(const Json& json, const EvaluationRecord& record) {
  const Json& updates = List(json, "updates", 1, Address::kMaxInnerStep + 1);
  const Json& tasks = List(json, "tasks", 1, Address::kMaxTask + 1);
  const auto rows = static_cast<Eigen::Index>(updates.size());
  Evaluation evaluation;
  evaluation.adaptations = Count(json, "adaptations", 1,
                                 (Address::kMaxTask + 1) / static_cast<std::int64_t>(tasks.size()));
  evaluation.trained_on = Count(json, "trained_on", 0, static_cast<std::int64_t>(tasks.size()));
  const auto parameters = static_cast<Eigen::Index>(record.task_parameters.size());
  for (const Json& task : tasks) {  // before there is memory for all of them
    if (task.size() < record.task_parameters.size()) throw Damage("a task lacks a parameter");
  }
  evaluation.tasks.resize(parameters, static_cast<Eigen::Index>(tasks.size()));
  for (Eigen::Index i = 0; i < evaluation.tasks.cols(); ++i) {
    for (Eigen::Index row = 0; row < parameters; ++row) {
      const std::string& name = record.task_parameters[static_cast<std::size_t>(row)].name;
      evaluation.tasks(row, i) =
          Finite(At(tasks[static_cast<std::size_t>(i)], name), fmt::format("'{}'", name));
    }
  }
  evaluation.samples.resize(rows);
  for (Eigen::Index k = 0; k < rows; ++k) {
    const std::string column = SamplesColumn(record.rolls_out);
    evaluation.samples[k] =
        Finite(At(updates[static_cast<std::size_t>(k)], column), fmt::format("'{}'", column));
  }
  const auto matrix = [&](const std::string& name, bool required) {
    return ReadMatrix(tasks, name, required, rows, evaluation.adaptations);
  };
  evaluation.scores = matrix(record.score, true);  // first: the others may be told by nobody
  evaluation.deterministic_scores = matrix("deterministic_" + record.score, false);
  evaluation.successes = matrix("success", false);
  return evaluation;
}

// As many updates as the evaluation beside it has.
BaselineMeans ReadBaseline(const Json& json, const EvaluationRecord& record) {
  const Eigen::Index rows = record.evaluation.scores.rows();
  const auto size = static_cast<std::size_t>(rows);
  const Json& updates = List(json, "baseline", size, size);
  BaselineMeans means{.samples = Vector(rows), .scores = Vector(rows), .ci95 = Vector(rows)};
  const std::string column = SamplesColumn(record.rolls_out);
  for (Eigen::Index k = 0; k < rows; ++k) {
    const Json& update = updates[static_cast<std::size_t>(k)];
    const auto number = [&](const char* key) {
      return Numbers(Json::array({At(At(update, record.score), key)}), key, 1)[0];
    };
    means.samples[k] = Finite(At(update, column), fmt::format("'{}'", column));
    means.scores[k] = number("mean");
    means.ci95[k] = number("ci95");
  }
  return means;
}

EvaluationRecord Read(const Json& json) {
  if (Text(json, "format") != "anole-evaluation-1") {
    throw Damage(fmt::format("its format is '{}'", Text(json, "format")));
  }
  EvaluationRecord record;
  record.run = Text(json, "run");
  record.family = Text(json, "family");
  record.score = Text(json, "score");
  record.higher_is_better = Flag(json, "higher_is_better");
  record.iteration = Count(At(json, "checkpoint"), "iteration", 0, kLargestCount);
  record.signature = Text(At(json, "checkpoint"), "signature");
  const std::string phase = Text(json, "phase");
  if (phase != "test" && phase != "validation") {
    throw Damage(fmt::format("its phase is '{}'", phase));
  }
  record.phase = phase == "test" ? Phase::kTest : Phase::kValidation;
  record.is_goal = Flag(json, "chosen_goal");
  record.seed = Count(json, "seed", 0, kLargestCount);
  record.rolls_out = json.contains("rollouts");
  if (record.rolls_out) {
    record.rollouts = Count(json, "rollouts", 1, kLargestCount);
    record.horizon = Count(json, "horizon", 1, kLargestCount);
  }
  const auto object = [&](const char* key) -> const Json& {
    const Json& value = At(json, key);
    if (!value.is_object()) throw Damage(fmt::format("'{}' is no table", key));
    return value;
  };
  for (const auto& [name, change] : object("changed").items()) {
    record.changed.push_back({name, Text(change, "run"), Text(change, "here")});
  }
  for (const auto& [name, value] : object("options").items()) {
    record.options.emplace_back(name, Text(json["options"], name));
  }
  for (const Json& parameter : List(json, "task_parameters", 0, 100000)) {
    record.task_parameters.push_back({Text(parameter, "name"), Text(parameter, "unit")});
  }
  record.evaluation = ReadScores(json, record);
  if (json.contains("baseline")) record.baseline_means = ReadBaseline(json, record);
  record.date = Text(json, "date");
  return record;
}

}  // namespace

EvaluationRecord ReadEvaluation(const fs::path& file) try {
  std::error_code error;
  const std::uintmax_t size = fs::is_regular_file(file, error) ? fs::file_size(file, error) : 0;
  if (error || size == 0) throw Damage("there is nothing to read");
  if (size > kLargestFile) throw Damage(fmt::format("it has {} bytes", size));
  std::ifstream stream(file, std::ios::binary);
  const auto limited = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    if (depth > kDeepest) throw Damage("it is nested too deep");
    return true;
  };
  return Read(Json::parse(stream, limited));
} catch (const Json::exception&) {
  throw UserError(file.string() + ": is no evaluation by anole, or damaged: it is no JSON");
} catch (const Damage& damage) {
  throw UserError(
      fmt::format("{}: is no evaluation by anole, or damaged: {}", file.string(), damage.what()));
}

}  // namespace anole
