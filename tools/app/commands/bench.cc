// anole bench: measurements of this machine, and the signature of this build.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "agents/parallel_for.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/app/terminal_log.h"
#include "tools/bench/signature.h"
#include "tools/bench/suite.h"
#include "tools/run/logs/log.h"

namespace anole::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRepetitions = 9;

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
  fmt::print("{:<28}{:>10}{:>10}{:>10}  {}\n", "", "min", "median", "max", "goal");
  for (const bench::BenchResult& result : results) {
    const auto& [figure, range] = result;
    std::string goal;
    if (figure.goal) {
      goal = fmt::format("{} {:g}  {}",
                         figure.better == bench::Better::kHigher ? ">=" : "<=", *figure.goal,
                         result.meets_goal() ? "met" : "MISSED");
    }
    fmt::print("{:<28}{:>10.4g}{:>10.4g}{:>10.4g}  {}\n", figure.name, range.min, range.median,
               range.max, goal);
  }
}

int RunBench(const CommandLine& line) {
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
    const std::string pattern = line.positionals.empty() ? "*" : line.positionals.front();
    const double load_before = Load();
    std::optional<Progress> progress;
    const std::vector<bench::BenchResult> results = bench::RunBenchmarks(
        pattern, repetitions, [&](int done, int total, const std::string& text) {
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
     .usage = "anole bench [NAME-PATTERN] [--repetitions N] [--json] [--signature | --signatures]",
     .summary =
         "Measures how fast this program is on this machine, beside what could be reached. Every "
         "figure is a ratio of two times that took turns, unless its name ends in a unit; "
         "tools/bench/README.md says of what. A pattern chooses some: sampling/ant, sampling, "
         "'*/half-cheetah'.",
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
     .max_positionals = 1,
     .run = RunBench});

}  // namespace
}  // namespace anole::app
