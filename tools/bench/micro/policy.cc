#include <benchmark/benchmark.h>

#include "tools/bench/micro/half_cheetah.h"

namespace anole::bench {
namespace {

// One action; the argument: hidden units of a layer.
void PolicyForward(benchmark::State& state) {
  const ControlPolicy<float> policy = MakePolicy(state.range(0));
  auto pass = policy.MakeMemory();
  const Vector observation = Vector::Random(kObservations);
  Vector mean(kActions);
  for (auto _ : state) {
    policy.Mean(observation, pass, mean);
    benchmark::DoNotOptimize(mean.data());
  }
}
BENCHMARK(PolicyForward)->RangeMultiplier(2)->Range(32, 512);

// A batch of 2,000 steps; items: steps.
void PolicyGradient(benchmark::State& state) {
  constexpr Eigen::Index kSteps = 2000;
  const ControlPolicy<float> policy = MakePolicy(state.range(0));
  const Matrix observations = Matrix::Random(kObservations, kSteps);
  const Matrix actions = Matrix::Random(kActions, kSteps);
  const Vector weights = Vector::Random(kSteps);
  for (auto _ : state) {
    benchmark::DoNotOptimize(policy.WeightedGradient(observations, actions, weights).data());
  }
  state.SetItemsProcessed(state.iterations() * kSteps);
}
BENCHMARK(PolicyGradient)->RangeMultiplier(2)->Range(32, 512);

}  // namespace
}  // namespace anole::bench
