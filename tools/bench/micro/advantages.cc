#include "agents/control/advantages.h"

#include <benchmark/benchmark.h>

#include <vector>

#include "tools/bench/micro/half_cheetah.h"

namespace anole::bench {
namespace {

// Of a batch of ten episodes of 200 steps: returns, baseline, advantages. Items: steps.
void Advantages(benchmark::State& state) {
  const FamilySpec spec{.observation_dim = kObservations, .action_dim = kActions, .horizon = 200};
  std::vector<Episode> episodes(10, Episode(spec));
  for (Episode& episode : episodes) {
    episode.length = spec.horizon;
    episode.observations.setRandom();
    episode.actions.setRandom();
    episode.rewards.setRandom();
    episode.log_probs.setRandom();
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(EstimateAdvantages(episodes, AdvantageOptions()).advantages.data());
  }
  state.SetItemsProcessed(state.iterations() * 10 * spec.horizon);
}
BENCHMARK(Advantages);

}  // namespace
}  // namespace anole::bench
