#include <benchmark/benchmark.h>

#include <string>

#include "envs/mujoco.h"
#include "envs/task_family.h"

namespace anole::bench {
namespace {

void Observation(benchmark::State& state, const std::string& name) {
  const auto family = TaskFamilies::NewMaker(name)->Make();
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 1});
  const DataPtr data = MakeData(family->model());
  Rng rng = Address().Open(Purpose::kReset);
  Vector memory = Vector::Zero(family->spec().memory_dim);
  Vector observation(family->spec().observation_dim);
  Simulation simulation{family->model(), *data, rng, rng, rng, memory};
  family->Reset(tasks.col(0), simulation);
  for (auto _ : state) {
    family->Observe(tasks.col(0), simulation, observation);
    benchmark::DoNotOptimize(observation.data());
  }
}
BENCHMARK_CAPTURE(Observation, half_cheetah, std::string("cheetah-velocity"));
BENCHMARK_CAPTURE(Observation, ant, std::string("ant-velocity"));
BENCHMARK_CAPTURE(Observation, humanoid, std::string("humanoid-direction"));

}  // namespace
}  // namespace anole::bench
