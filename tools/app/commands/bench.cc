// anole bench: measurements of this machine, and the signature of this build.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "agents/parallel_for.h"
#include "tools/app/command.h"
#include "tools/bench/signature.h"
#include "tools/bench/suite.h"
#include "tools/run/logs/log.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRepetitions = 9;

// How many threads run or want to on this machine, over a minute.
double Load() {
  double load = std::nan("");
  getloadavg(&load, 1);
  return load;
}

void PrintJson(const std::vector<BenchResult>& results) {
  Json list = Json::array();
  for (const auto& [figure, range] : results) {
    list.push_back({{"name", figure.name},
                    {"min", range.min},
                    {"median", range.median},
                    {"max", range.max},
                    {"goal", figure.goal ? Json(*figure.goal) : Json()},
                    {"better", figure.better == Better::kHigher ? "higher" : "lower"}});
  }
  fmt::print("{}\n", list.dump(2));
}

void PrintTable(const std::vector<BenchResult>& results) {
  fmt::print("{:<28}{:>10}{:>10}{:>10}  {}\n", "", "min", "median", "max", "goal");
  for (const BenchResult& result : results) {
    const auto& [figure, range] = result;
    std::string goal;
    if (figure.goal) {
      goal =
          fmt::format("{} {:g}  {}", figure.better == Better::kHigher ? ">=" : "<=", *figure.goal,
                      result.meets_goal() ? "met" : "MISSED");
    }
    fmt::print("{:<28}{:>10.4g}{:>10.4g}{:>10.4g}  {}\n", figure.name, range.min, range.median,
               range.max, goal);
  }
}

int RunBench(const CommandLine& line) {
  WithThreads(Threads(line), [&] {
    if (line.Has("signature")) {
      fmt::print("{}\n", BuildSignature());
      return;
    }
    const auto repetitions =
        static_cast<int>(line.Integer("repetitions", 1, 1000).value_or(kRepetitions));
    const std::string pattern = line.positionals.empty() ? "*" : line.positionals.front();
    const double load_before = Load();
    const std::vector<BenchResult> results = RunBenchmarks(pattern, repetitions);
    LogInfo(fmt::format("load before {:.2f}, after {:.2f}, on {} cores", load_before, Load(),
                        AvailableThreads()));
    line.Has("json") ? PrintJson(results) : PrintTable(results);
  });
  return 0;
}

}  // namespace

const Command kBenchCommand = {
    .name = "bench",
    .usage = "anole bench [NAME-PATTERN] [--repetitions N] [--json] [--signature]",
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
              kQuietFlag,
              kThreadsFlag},
    .max_positionals = 1,
    .run = RunBench};

}  // namespace anole
