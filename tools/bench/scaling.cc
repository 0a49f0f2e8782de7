// scaling/threads: environment steps per second of one training on T threads, over those of T
// trainings on one thread each, which run at the same time and share nothing but the machine. Its
// caches, memory, clock rate and neighbours cancel; waiting for each other does not.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "agents/parallel_for.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/own_process.h"

namespace anole::bench {
namespace {

// Environment steps per second over the iterations of a finished run; neither start-up nor writing
// counts.
double ReadSpeed(const std::filesystem::path& run) {
  std::ifstream metrics(run / "metrics.jsonl");
  double seconds = 0, steps = 0;
  for (std::string line; std::getline(metrics, line);) {
    const auto row = nlohmann::json::parse(line);
    const double iteration = row.at("time/iteration_s");
    seconds += iteration;
    steps += iteration * row.at("time/env_steps_per_s").get<double>();
  }
  return steps / seconds;
}

// Environment steps per second of all processes together.
double Train(int processes, int threads) {
  std::vector<std::unique_ptr<OwnTraining>> trainings;
  for (int i = 0; i < processes; ++i) trainings.push_back(std::make_unique<OwnTraining>(threads));
  for (const auto& training : trainings) training->process().Wait();
  double sum = 0;
  for (const auto& training : trainings) sum += ReadSpeed(training->run());
  return sum;
}

class Scaling : public Benchmark {
 public:
  std::vector<double> Measure(int /*repetition*/) override {
    const int threads = CurrentThreads();
    const double together = Train(1, threads);
    return {together / Train(threads, 1)};
  }
};

std::vector<BenchmarkEntry> ScalingEntries() {
  return {{.figures = {{.name = "scaling/threads", .goal = 0.95}},
           .make = [] { return std::make_unique<Scaling>(); },
           .most_repetitions = 5}};
}

const RegisterBenchmarks registration(&ScalingEntries);

}  // namespace
}  // namespace anole::bench
