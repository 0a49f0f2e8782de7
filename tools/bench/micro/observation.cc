#include <benchmark/benchmark.h>

#include <string>

#include "envs/stage.h"

namespace anole::bench {
namespace {

void Observation(benchmark::State& state, const std::string& name) {
  const auto family = TaskFamilies::NewMaker(name)->Make();
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 1});
  Vector observation(family->spec().observation_dim);
  Stage stage(*family);
  stage.Reset(tasks.col(0), {});
  for (auto _ : state) {
    stage.Observe(observation);
    benchmark::DoNotOptimize(observation.data());
  }
}
BENCHMARK_CAPTURE(Observation, half_cheetah, std::string("cheetah-velocity"));
BENCHMARK_CAPTURE(Observation, ant, std::string("ant-velocity"));
BENCHMARK_CAPTURE(Observation, humanoid, std::string("humanoid-direction"));

}  // namespace
}  // namespace anole::bench
