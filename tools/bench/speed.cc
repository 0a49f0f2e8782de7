// speed/half-cheetah_*: environment steps with the 64x64 policy in the loop, on all threads. The
// one absolute figure: what peers are compared with (tools/bench/peers), and what to expect.
#include <vector>

#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/run/logs/usage.h"

namespace anole::bench {
namespace {

class Speed : public Benchmark {
 public:
  std::vector<double> Measure(int repetition) override {
    const double cpu_before = CpuSeconds();
    const double seconds = Timed(WallSeconds, [&] {
      acting_.loop->Sample(acting_.policy, acting_.task, Exploration::kStochastic,
                           {.iteration = repetition}, 0, episodes_);
    });
    const double cpu = CpuSeconds() - cpu_before;
    double steps = 0;
    for (const Episode& episode : episodes_) steps += static_cast<double>(episode.length);
    return {steps / seconds, steps / cpu};
  }

 private:
  Acting acting_{FamilyOption("cheetah-velocity")};
  std::vector<Episode> episodes_{200, Episode(acting_.family.spec())};
};

std::vector<BenchmarkEntry> SpeedEntries() {
  return {{.figures = {{.name = "speed/half-cheetah_per_s", .goal = {}},
                       {.name = "speed/half-cheetah_per_cpu_s", .goal = {}}},
           .make = [] { return std::make_unique<Speed>(); }}};
}

const RegisterBenchmarks registration(&SpeedEntries);

}  // namespace
}  // namespace anole::bench
