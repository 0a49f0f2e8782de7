// anole bench: measurements of this machine, and the signature of this build.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/settings.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/file_kind.h"
#include "tools/app/progress.h"
#include "tools/app/terminal_log.h"
#include "tools/bench/rewrite.h"
#include "tools/bench/sampling.h"
#include "tools/bench/signature.h"
#include "tools/bench/suite.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/log.h"

namespace anole::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRepetitions = 9;
constexpr std::size_t kLeastName = 28;  // columns
constexpr int kStepsOfFile = 1000;      // control steps of each repetition

// How many threads run or want to on this machine, over a minute.
double Load() {
  double load = std::nan("");
  getloadavg(&load, 1);
  return load;
}

void PrintJson(const std::vector<bench::BenchResult>& results) {
  Json list = Json::array();
  for (const auto& [figure, range] : results) {
    list.push_back({{"name", figure.name},
                    {"min", range.min},
                    {"median", range.median},
                    {"max", range.max},
                    {"goal", figure.goal ? Json(*figure.goal) : Json()},
                    {"better", figure.better == bench::Better::kHigher ? "higher" : "lower"}});
  }
  fmt::print("{}\n", list.dump(2));
}

void PrintTable(const std::vector<bench::BenchResult>& results) {
  std::size_t width = kLeastName;
  for (const bench::BenchResult& result : results) {
    width = std::max(width, result.figure.name.size() + 1);
  }
  fmt::print("{:<{}}{:>10}{:>10}{:>10}  {}\n", "", width, "min", "median", "max", "goal");
  for (const bench::BenchResult& result : results) {
    const auto& [figure, range] = result;
    std::string goal;
    if (figure.goal) {
      goal = fmt::format("{} {:g}  {}",
                         figure.better == bench::Better::kHigher ? ">=" : "<=", *figure.goal,
                         result.meets_goal() ? "met" : "MISSED");
    }
    fmt::print("{:<{}}{:>10.4g}{:>10.4g}{:>10.4g}  {}\n", figure.name, width, range.min,
               range.median, range.max, goal);
  }
}

std::string AfterSlash(const std::string& name) { return name.substr(name.find('/') + 1); }

// How fast the tasks of a config, or of a robot's task file, are simulated.
std::vector<bench::BenchmarkEntry> BenchmarksOf(const std::filesystem::path& file,
                                                const std::string& name) {
  Settings settings;
  if (KindOf(file) == FileKind::kTaskFile) {
    settings.Set({.name = "task.family", .value = "robot", .origin = file.string()});
    settings.Set({.name = "task.file", .value = file.string(), .origin = file.string()});
  } else {
    settings = Settings::FromFile(file);
  }
  const Experiment experiment(settings);
  if (!experiment.rolls_out() || experiment.MakeFamily()->spec().simulated.empty()) {
    throw UserError(file.string() +
                    ": needs no simulation of physics, which is what is measured here");
  }
  std::vector<bench::BenchmarkEntry> entries = {
      bench::SamplingEntry(name, settings, kStepsOfFile, {})};
  if (bench::CanRewrite(experiment)) {
    entries.push_back(bench::RewriteEntry(name, settings, kStepsOfFile, {}));
  }
  return entries;
}

int RunBench(const CommandLine& line) {
  const bool signs = line.Has("signature") || line.Has("signatures");
  if (signs && !line.positionals.empty()) {
    throw UserError("bench: signatures are of this build, and have no names");
  }
  WithThreads(Threads(line), [&] {
    if (line.Has("signature")) {
      fmt::print("{}\n", bench::BuildSignature());
      return;
    }
    if (line.Has("signatures")) {
      for (const auto& [name, signature] : bench::AllSignatures()) {
        fmt::print("\"{}\" = \"{}\"\n", name, signature);
      }
      return;
    }
    const auto repetitions =
        static_cast<int>(line.Integer("repetitions", 1, 1000).value_or(kRepetitions));
    std::vector<std::string> patterns;
    std::vector<bench::BenchmarkEntry> more;
    std::set<std::string> names;
    for (const bench::BenchmarkEntry& entry : bench::AllBenchmarks()) {
      for (const bench::Figure& figure : entry.figures) names.insert(AfterSlash(figure.name));
    }
    for (const std::string& argument : line.positionals) {
      const std::filesystem::path file = argument;
      if (file.extension() != ".toml" && !std::filesystem::is_regular_file(file)) {
        patterns.push_back(argument);
        continue;
      }
      const bool is_new = names.insert(file.stem().string()).second;
      if (!is_new && !names.insert(argument).second) continue;  // given before
      const std::string name = is_new ? file.stem().string() : argument;
      std::ranges::move(BenchmarksOf(file, name), std::back_inserter(more));
    }
    if (line.positionals.empty()) patterns.emplace_back("*");
    const double load_before = Load();
    std::optional<Progress> progress;
    const std::vector<bench::BenchResult> results = bench::RunBenchmarks(
        patterns, more, repetitions, [&](int done, int total, const std::string& text) {
          if (!progress) progress.emplace(total, 0);
          progress->Show(done, text);
        });
    LogInfo(fmt::format("load before {:.2f}, after {:.2f}, on {} cores", load_before, Load(),
                        AvailableThreads()));
    line.Has("json") ? PrintJson(results) : PrintTable(results);
  });
  return 0;
}

const RegisterCommand registration(
    {.place = 18,
     .name = "bench",
     .usage = "anole bench [NAME-PATTERN | CONFIG.toml | ROBOT.toml]... [--repetitions N] [--json] "
              "[--signature | --signatures]",
     .summary =
         "Measures how fast this program is on this machine, beside what could be reached. Every "
         "figure is a ratio of two times that took turns, unless its name ends in a unit; "
         "tools/bench/README.md says of what. A pattern chooses some: sampling/ant, sampling, "
         "'*/half-cheetah'. A config, or the task file of a robot, instead of a pattern measures "
         "its own tasks: a rollout beside bare mj_step, and what rewriting its model gains.",
     .flags = {{"repetitions", "N", "so many values of each figure, default 9"},
               {"json", "", "print an array of name, min, median, max, goal, better"},
               {"signature", "",
                "instead, train a small fixed run and print the signature of its parameters: it "
                "changes with any change of training results"},
               {"signatures", "",
                "instead, those of many tiny runs, as TOML: each combination of learner, meta "
                "gradient and optimiser, and each family"},
               kQuietFlag,
               kThreadsFlag},
     .max_positionals = 1000,
     .takes = Takes::kConfigOrTaskFile,
     .run = RunBench});

}  // namespace
}  // namespace anole::app
