// memory/training_mb: the most memory that a training of quickstart's sizes has resident, as a
// process of its own. memory/worker-BODY_mb: what a thread needs beside the model that all share.
// MuJoCo reserves an arena of 13 MB for each, of which the system backs what has been touched: that
// is what is counted; memory/reserved-BODY_mb has all.
#include <algorithm>

#include "agents/parallel_for.h"
#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/own_process.h"

namespace anole::bench {
namespace {

constexpr double kMegabyte = 1e6;

class TrainingMemory : public Benchmark {
 public:
  std::vector<double> Measure(int /*repetition*/) override {
    // Later iterations need no more.
    return {OwnTraining(CurrentThreads()).process().WaitForPeakMemory() / kMegabyte};
  }
};

// Counted, not measured: MuJoCo says how large its data is.
class WorkerMemory : public Benchmark {
 public:
  explicit WorkerMemory(const std::string& family) : acting_(FamilyOption(family)) {}

  std::vector<double> Measure(int /*repetition*/) override {
    Worker worker(acting_.family, acting_.policy);
    Episode episode(acting_.family.spec());
    double arena_used = 0;  // at most
    for (int i = 0; i < 10; ++i) {
      acting_.Run(Acting::Place(0, i), worker, episode);
      arena_used = std::max(arena_used, static_cast<double>(worker.stage.data().maxuse_arena));
    }
    double bytes =
        sizeof(Worker) + sizeof(mjData) + static_cast<double>(worker.stage.data().nbuffer);
    bytes += static_cast<double>(sizeof(double)) * static_cast<double>(worker.noise.size());
    bytes += static_cast<double>(acting_.policy.BytesOf(worker.policy_memory));
    return {(bytes + arena_used) / kMegabyte,
            (bytes + static_cast<double>(worker.stage.data().narena)) / kMegabyte};
  }

 private:
  Acting acting_;
};

BenchmarkEntry WorkerEntry(const std::string& body, const std::string& family) {
  return {.figures =
              {{.name = "memory/worker-" + body + "_mb", .goal = 1, .better = Better::kLower},
               {.name = "memory/reserved-" + body + "_mb", .goal = {}, .better = Better::kLower}},
          .make = [=] { return std::make_unique<WorkerMemory>(family); },
          .most_repetitions = 1};
}

std::vector<BenchmarkEntry> MemoryEntries() {
  return {{.figures = {{.name = "memory/training_mb", .goal = 40, .better = Better::kLower}},
           .make = [] { return std::make_unique<TrainingMemory>(); },
           .most_repetitions = 3},
          WorkerEntry("half-cheetah", "cheetah-velocity"),
          WorkerEntry("ant", "ant-velocity"),
          WorkerEntry("humanoid", "humanoid-direction")};
}

const RegisterBenchmarks registration(&MemoryEntries);

}  // namespace
}  // namespace anole::bench
