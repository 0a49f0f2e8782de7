#include "tools/plot/run_data.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

Vector ToVector(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

// Rows in which a score is missing are passed over, and so is a last line that is being written.
void ReadMetrics(const fs::path& path, RunData& run) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!std::getline(file, line)) return;
  const std::vector<std::string> names = Cells(line);
  const auto column = [&](const std::string& end) {
    const auto found = std::ranges::find_if(names, [&](const auto& n) { return n.ends_with(end); });
    if (found == names.end()) throw UserError(path.string() + ": has no column of '" + end + "'");
    return static_cast<std::size_t>(found - names.begin());
  };
  const std::size_t steps = column("env_steps"), before = column("/before"),
                    after = column("/after");
  run.score = names[before].substr(0, names[before].find('/'));
  std::vector<double> columns[3];
  while (std::getline(file, line) && !file.eof()) {
    const std::vector<std::string> cells = Cells(line);
    double row[3] = {kNan, kNan, kNan};
    const std::size_t places[3] = {steps, before, after};
    for (int i = 0; i < 3; ++i) {
      if (places[i] >= cells.size() || cells[places[i]].empty()) continue;
      row[i] = std::strtod(cells[places[i]].c_str(), nullptr);
    }
    if (!std::ranges::all_of(row, [](double value) { return std::isfinite(value); })) continue;
    for (int i = 0; i < 3; ++i) columns[i].push_back(row[i]);
  }
  run.learning = {ToVector(columns[0]), ToVector(columns[1]), ToVector(columns[2])};
}

AdaptationData FromEvaluation(const Json& stored) {
  const auto number = [](const Json& value) {
    return value.is_null() ? kNan : value.get<double>();
  };
  const Json& tasks = stored.at("scores");  // an array for each task
  AdaptationData data{.tasks = static_cast<std::int64_t>(tasks.size())};
  const auto updates = static_cast<Eigen::Index>(tasks.at(0).size());
  data.samples = data.scores = data.ci95 = Vector(updates);
  for (Eigen::Index k = 0; k < updates; ++k) {
    const auto index = static_cast<std::size_t>(k);
    Vector scores(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      scores[static_cast<Eigen::Index>(i)] = number(tasks.at(i).at(index));
    }
    const Score score = Summarize(scores);
    data.samples[k] = number(stored.at("samples").at(0).at(index));
    data.scores[k] = score.mean;
    data.ci95[k] = score.ci95;
  }
  return data;
}

// `anole compare` leaves one file for each step size that was once chosen. Those of older
// checkpoints do not count; the run's own step size goes before others, which go by their names.
void ReadEvaluation(const RunDirectory& directory, double step_size, RunData& run) {
  const fs::path folder = directory.path() / "eval";
  if (!fs::is_directory(folder) || directory.Checkpoints().empty()) return;
  const std::string signature = Signature(ReadSafetensors(directory.LatestCheckpoint()));
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("test-step-")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  bool found = false;
  for (const fs::path& file : files) try {
      const Json stored = Json::parse(std::ifstream(file));
      if (stored.at("key").at("signature") != signature) continue;
      const std::string text =
          stored.at("key").at("options").at("inner.step_size").get<std::string>();
      const bool own = std::strtod(text.c_str(), nullptr) == step_size;
      if (found && !own) continue;
      run.adaptation = FromEvaluation(stored);
      run.score = stored.at("score").get<std::string>();
      if (own) return;
      found = true;
    } catch (const Json::exception&) {
      throw UserError(file.string() + ": is no evaluation by `anole compare`, or damaged");
    }
}

}  // namespace

RunData ReadRun(const fs::path& path) {
  const RunDirectory directory = RunDirectory::Open(path);
  Experiment experiment(Settings::FromFile(directory.config()));
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
  ReadMetrics(directory.metrics(), run);
  ReadEvaluation(directory, experiment.step_size(), run);
  return run;
}

}  // namespace anole
