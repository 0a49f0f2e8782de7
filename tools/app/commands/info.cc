// anole info: what this program and machine are, or what a run or a file of parameters holds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/parallel_for.h"
#include "configs/excerpt.h"
#include "meta/checkpoint.h"
#include "meta/task_set.h"
#include "tools/app/command.h"
#include "tools/render/gl_context.h"
#include "tools/run/count_text.h"
#include "tools/run/divergence.h"
#include "tools/run/experiment.h"
#include "tools/run/goal.h"
#include "tools/run/logs/metrics_log.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/open_request.h"
#include "tools/run/process/provenance.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_lock.h"
#include "tools/run/run_task.h"
#include "tools/run/simulated_text.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestNote = 200;  // that is printed

Json FileInfo(const fs::path& path) {
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

Json RunInfo(const RunDirectory& directory, const Experiment& experiment, const MetaState& state) {
  Json info = {{"run", directory.path().string()},
               {"family", experiment.family()},
               {"seed", experiment.run.seed},
               {"iterations", experiment.trainer.iterations},
               {"in_training", RunLock::IsHeld(directory.path())},
               {"checkpoints", directory.checkpoints().Files().size()},
               {"starts", ReadStarts(directory.meta())}};
  if (!std::isnan(state.best.score)) {
    info["best"] = {{"iteration", state.best.iteration},
                    {"metric", experiment.validation.metric},
                    {"score", state.best.score}};
  }
  info.update(FileInfo(directory.checkpoints().Latest()));
  return info;
}

Json BackEndInfo() {
  Json list = Json::array();
  for (const render::GlAttempt& tried : render::TryGlContexts()) {
    list.push_back({{"back_end", tried.back_end}, {"works", tried.failure.empty()}});
    if (tried.failure.empty()) {
      list.back()["software"] = tried.software;
    } else {
      list.back()["failure"] = tried.failure;
    }
  }
  return list;
}

Json EnvironmentInfo() {
  Json info = ProgramFacts();
  info.update(MachineFacts());
  info["threads"] = AvailableThreads();
  info["rendering"] = BackEndInfo();
  return info;
}

void PrintLine(const std::string& name, const std::string& text) {
  fmt::print("{:<15} {}\n", OneLine(name), OneLine(text));
}

std::string Text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void PrintEnvironment(const Json& info) {
  for (const auto& [key, value] : info.items()) {
    if (key == "cgroup_quota" && value.is_null()) {
      PrintLine(key, "none");
    } else if (key != "rendering") {
      PrintLine(key, Text(value));
    }
  }
  for (const Json& tried : info["rendering"]) {
    std::string result = "works, on a GPU";
    if (tried.contains("failure")) {
      result = Text(tried["failure"]);
    } else if (tried["software"]) {
      result = "works, in software";
    }
    PrintLine("rendering", fmt::format("{}: {}", Text(tried["back_end"]), result));
  }
}

// "2 tasks: direction 1; direction -1"
std::string ListText(const Matrix& tasks, const InnerLoopSpec& spec) {
  constexpr Eigen::Index kTold = 4;
  std::string text = CountText(tasks.cols(), "task") + ": ";
  for (Eigen::Index i = 0; i < std::min(tasks.cols(), kTold); ++i) {
    text += (i == 0 ? "" : "; ") + GoalText(tasks.col(i), spec.task_parameters);
  }
  if (kTold < tasks.cols()) text += fmt::format(" and {} more", tasks.cols() - kTold);
  return text;
}

// "goal_velocity -2 to 2 m/s", or "goal_velocity train -2 to 2, test 3 to 4 m/s".
std::string RangesText(const InnerLoopSpec& spec) {
  std::string text;
  const auto range = [](const TaskRange& ends) {
    return fmt::format("{:g} to {:g}", ends.low, ends.high);
  };
  const std::size_t told = std::min(spec.task_ranges.size(), kParametersTold);
  for (std::size_t i = 0; i < told; ++i) {
    const auto& [name, unit] = spec.task_parameters[i];
    const TaskRanges& ranges = spec.task_ranges[i];
    text +=
        fmt::format("{}{} {}{}{}", i == 0 ? "" : ", ", name,
                    ranges.train == ranges.test
                        ? range(ranges.train)
                        : fmt::format("train {}, test {}", range(ranges.train), range(ranges.test)),
                    unit.empty() ? "" : " ", unit);
  }
  if (told < spec.task_ranges.size()) {
    text += fmt::format(" and {} more", spec.task_ranges.size() - told);
  }
  return text;
}

// "" where nothing is known of the tasks.
std::string TasksText(const InnerLoop& loop) {
  const InnerLoopSpec& spec = loop.spec();
  const Matrix trained = ListedTasks(loop, Phase::kTrain), tested = ListedTasks(loop, Phase::kTest);
  if (trained.cols() == 0 || tested.cols() == 0) return RangesText(spec);
  if (trained.cols() == tested.cols() && trained == tested) return ListText(trained, spec);
  return fmt::format("train {}, test {}", ListText(trained, spec), ListText(tested, spec));
}

// "return -223.1 before adaptation, -102.2 after 4 updates"; "" where nothing was trained yet.
std::string ScoresText(const MetricsTable& metrics, const Experiment& experiment) {
  std::string text;
  if (metrics.rows.empty()) return text;
  for (std::size_t i = 0; i < metrics.names.size(); ++i) {
    const std::string& name = metrics.names[i];
    const double value = metrics.rows.back()[i];
    const std::size_t slash = name.find('/');
    if (name.ends_with("/before")) {
      text += fmt::format("{} {:.4g} before adaptation", name.substr(0, slash), value);
    } else if (name.ends_with("/after") && experiment.scored_updates() > 0) {
      text += fmt::format(", {:.4g} after {}", value,
                          experiment.UpdatesText(experiment.scored_updates()));
    }
  }
  return text;
}

// "2026-11-22T23:05:01Z on HOST, 2 threads: interrupted at 2026-..."
// is_trained: whether a process trains the run now, since this start.
std::string StartText(const Json& start, bool is_trained) {
  return fmt::format("{} on {}, {}: {}", Text(start["start"]), Text(start["host"]),
                     CountText(start["threads"].get<std::int64_t>(), "thread"),
                     start["end"].is_null()
                         ? (is_trained ? "running" : "killed")
                         : fmt::format("{} {}", Text(start["ended"]), Text(start["end"])));
}

std::string ProgressText(const fs::path& run, std::int64_t iteration, std::int64_t iterations) {
  const char* is = "stopped";
  if (iteration >= iterations) is = "finished";
  if (RunLock::IsHeld(run)) is = "in training";
  return fmt::format("{}, {} of {}", is, iteration, CountText(iterations, "iteration"));
}

// What a person asks of a run first: how far it is, and how well it does.
void PrintRun(const RunDirectory& directory, const Experiment& experiment, const InnerLoop& loop,
              const Json& info, std::int64_t iteration) {
  PrintLine("run", directory.path().string());
  PrintLine("progress", ProgressText(directory.path(), iteration, experiment.trainer.iterations));
  const std::string tasks = TasksText(loop);
  const std::string scores = ScoresText(ReadMetrics(directory.metrics()), experiment);
  if (!tasks.empty()) PrintLine("tasks", tasks);
  if (info.contains("simulated")) PrintLine("simulated", Text(info["simulated"]));
  if (!scores.empty()) PrintLine("training", scores);
  if (info.contains("best")) {
    PrintLine("best",
              fmt::format("iteration {}, validation/{} {:.4g}", info["best"]["iteration"].dump(),
                          Text(info["best"]["metric"]), info["best"]["score"].get<double>()));
  }
  for (const Json& start : info["starts"]) {
    const bool is_last = &start == &info["starts"].back();
    PrintLine("started", StartText(start, is_last && RunLock::IsHeld(directory.path())));
  }
  if (const auto divergence = ReadDivergence(directory)) {
    PrintLine("diverged", divergence->reason);
  }
  for (const StoredWarning& warning : ReadWarnings(directory.meta())) {
    if (warning.over) continue;
    PrintLine("warning", fmt::format("iteration {}: {}", warning.iteration, warning.text));
  }
}

void PrintFile(const Json& info) {
  for (const auto& [key, value] : info.items()) {
    if (key == "metadata") {
      for (const auto& [name, note] : value.items()) {
        const auto text = note.get<std::string>();
        // Lists and documents are in the JSON.
        if (text.find('\n') == std::string::npos && text.size() < kLongestNote)
          PrintLine(name, text);
      }
    } else if (key != "tensors") {
      PrintLine(key, Text(value));
    }
  }
  for (const Json& tensor : info["tensors"]) {
    fmt::print("  {:<28} {}\n", OneLine(tensor["name"].get<std::string>()), tensor["shape"].dump());
  }
}

int ShowInfo(const CommandLine& line) {
  const bool json = line.Has("json");
  Json info;
  if (line.positionals.empty()) {
    info = EnvironmentInfo();
    if (!json) PrintEnvironment(info);
  } else if (const fs::path path = line.positionals.front();
             !fs::is_directory(path) || fs::exists(path / kStateFile)) {
    info = FileInfo(fs::is_directory(path) ? path / kStateFile : path);
    if (!json) PrintFile(info);
  } else {
    const RunDirectory directory = RunDirectory::Open(path);
    const Experiment experiment =
        ExperimentOf(directory.path(), Settings::FromFile(directory.config()));
    WarnIfEdited(directory, experiment);
    const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
    const MetaState state = LoadState(directory.checkpoints().Latest(), loop->spec().layout);
    info = RunInfo(directory, experiment, state);
    const std::string simulated = SimulatedText(*loop);
    if (!simulated.empty()) info["simulated"] = simulated;
    if (!json) {
      PrintRun(directory, experiment, *loop, info, state.iteration);
      Json rest = info;
      for (const char* told : {"run", "iterations", "in_training", "iteration", "best", "starts"}) {
        rest.erase(told);
      }
      PrintFile(rest);
    }
  }
  if (json) fmt::print("{}\n", info.dump(2));
  return 0;
}

const RegisterCommand registration(
    {.place = 17,
     .name = "info",
     .usage = "anole info [RUN|CHECKPOINT|FILE.safetensors] [--json]",
     .summary =
         "Tells what a run, a checkpoint or a file of parameters holds; without one, what this "
         "program and machine are. A signature is 64 bits that tell parameters apart.",
     .flags = {{"json", "", "print it as JSON"}},
     .max_positionals = 1,
     .takes = Takes::kRunOrParameters,
     .run = ShowInfo});

}  // namespace
}  // namespace anole::app
