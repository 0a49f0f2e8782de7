// start-up/list_ms: CPU time of `anole list` from start to end.
#include "tools/bench/benchmark.h"
#include "tools/bench/own_process.h"

namespace anole::bench {
namespace {

class StartUp : public Benchmark {
 public:
  std::vector<double> Measure(int /*repetition*/) override {
    return {1e3 * OwnProcess({"list"}).Wait()};
  }
};

std::vector<BenchmarkEntry> StartUpEntries() {
  return {{.figures = {{.name = "start-up/list_ms", .goal = {}, .better = Better::kLower}},
           .make = [] { return std::make_unique<StartUp>(); }}};
}

const RegisterBenchmarks registration(&StartUpEntries);

}  // namespace
}  // namespace anole::bench
