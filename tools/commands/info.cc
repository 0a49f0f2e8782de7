// anole info: what a run or a file of parameters holds.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/count_text.h"
#include "tools/experiment.h"
#include "tools/metrics_log.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

Json FileInfo(const std::filesystem::path& path) {
  const TensorFile file = ReadSafetensors(path);
  Json tensors = Json::array();
  for (const auto& [name, tensor] : file.tensors) {
    tensors.push_back({{"name", name}, {"shape", tensor.shape}});
  }
  Json info = {{"file", path.string()}, {"signature", Signature(file)}};
  for (const char* counter : {"iteration", "samples"}) {
    const auto* values = file.FindValues<std::int64_t>(counter);
    if (values != nullptr && values->size() == 1) info[counter] = values->front();
  }
  info["metadata"] = file.metadata;
  info["tensors"] = tensors;
  return info;
}

Json RunInfo(const RunDirectory& directory, const Experiment& experiment) {
  Json info = {{"run", directory.path().string()},
               {"family", experiment.family()},
               {"seed", experiment.run.seed},
               {"iterations", experiment.trainer.iterations},
               {"checkpoints", directory.Checkpoints().size()}};
  info.update(FileInfo(directory.LatestCheckpoint()));
  return info;
}

void PrintLine(const std::string& name, const std::string& text) {
  fmt::print("{:<12} {}\n", name, text);
}

// "goal_velocity -2 to 2 m/s"; "" where no range is known.
std::string TasksText(const Experiment& experiment) {
  if (!experiment.rolls_out()) return "";
  const std::unique_ptr<ControlLoop> loop = experiment.MakeControlLoop();
  const FamilySpec& spec = loop->family().spec();
  std::string text;
  for (std::size_t i = 0; i < spec.task_ranges.size(); ++i) {
    const auto& [name, unit] = spec.task_parameters[i];
    text += fmt::format("{}{} {:g} to {:g}{}{}", i == 0 ? "" : ", ", name, spec.task_ranges[i].low,
                        spec.task_ranges[i].high, unit.empty() ? "" : " ", unit);
  }
  return text;
}

// "return -223.1 before, -102.2 after adaptation"; "" where nothing was trained yet.
std::string ScoresText(const MetricsTable& metrics) {
  std::string text;
  if (metrics.rows.empty()) return text;
  for (std::size_t i = 0; i < metrics.names.size(); ++i) {
    const std::string& name = metrics.names[i];
    const double value = metrics.rows.back()[i];
    const std::size_t slash = name.find('/');
    if (name.ends_with("/before")) {
      text += fmt::format("{} {:.4g} before, ", name.substr(0, slash), value);
    } else if (name.ends_with("/after")) {
      text += fmt::format("{:.4g} after adaptation", value);
    }
  }
  return text;
}

// What a person asks of a run first: how far it is, and how well it does.
void PrintRun(const RunDirectory& directory, const Experiment& experiment, std::int64_t iteration) {
  PrintLine("run", directory.path().string());
  const std::int64_t iterations = experiment.trainer.iterations;
  PrintLine("progress", fmt::format("{}, {} of {}", iteration < iterations ? "stopped" : "finished",
                                    iteration, CountText(iterations, "iteration")));
  const std::string tasks = TasksText(experiment),
                    scores = ScoresText(ReadMetrics(directory.metrics()));
  if (!tasks.empty()) PrintLine("tasks", tasks);
  if (!scores.empty()) PrintLine("training", scores);
}

void PrintFile(const Json& info) {
  for (const auto& [key, value] : info.items()) {
    if (key == "metadata") {
      for (const auto& [name, note] : value.items()) PrintLine(name, note.get<std::string>());
    } else if (key != "tensors") {
      PrintLine(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  for (const Json& tensor : info["tensors"]) {
    fmt::print("  {:<28} {}\n", tensor["name"].get<std::string>(), tensor["shape"].dump());
  }
}

int ShowInfo(const CommandLine& line) {
  const std::filesystem::path path = OnlyPositional(line, "RUN or FILE.safetensors");
  if (!std::filesystem::is_directory(path)) {
    const Json info = FileInfo(path);
    line.Has("json") ? fmt::print("{}\n", info.dump(2)) : PrintFile(info);
    return 0;
  }
  const RunDirectory directory = RunDirectory::Open(path);
  const Experiment experiment(Settings::FromFile(directory.config()));
  Json info = RunInfo(directory, experiment);
  if (line.Has("json")) {
    fmt::print("{}\n", info.dump(2));
    return 0;
  }
  PrintRun(directory, experiment, info.value("iteration", std::int64_t{0}));
  for (const char* told : {"run", "iterations", "iteration"}) info.erase(told);
  PrintFile(info);
  return 0;
}

}  // namespace

const Command kInfoCommand = {
    .name = "info",
    .usage = "anole info RUN|FILE.safetensors [--json]",
    .summary =
        "Tells what a run or a file of parameters holds. Its signature is 64 bits that tell "
        "parameters apart.",
    .flags = {{"json", "", "print it as JSON"}},
    .max_positionals = 1,
    .run = ShowInfo};

}  // namespace anole
