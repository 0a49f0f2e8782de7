#include "envs/random.h"

#include <benchmark/benchmark.h>

namespace anole::bench {
namespace {

void Normal(benchmark::State& state) {
  Rng rng = Address().Open(Purpose::kAction);
  for (auto _ : state) benchmark::DoNotOptimize(rng.Normal());
}
BENCHMARK(Normal);

void Uniform(benchmark::State& state) {
  Rng rng = Address().Open(Purpose::kReset);
  for (auto _ : state) benchmark::DoNotOptimize(rng.Uniform(-1, 1));
}
BENCHMARK(Uniform);

// With its first draw: what a stream costs that is opened for little.
void OpenStream(benchmark::State& state) {
  std::int64_t rollout = 0;
  for (auto _ : state) {
    Rng rng = Address{.rollout = rollout++ % 1000}.Open(Purpose::kReset);
    benchmark::DoNotOptimize(rng());
  }
}
BENCHMARK(OpenStream);

}  // namespace
}  // namespace anole::bench
