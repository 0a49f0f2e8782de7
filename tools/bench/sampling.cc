// sampling/BODY: bare mj_step on the actions of an episode, over the episode with the policy in the
// loop. 1 would be a rollout that takes no time but physics.
#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/bench/replay.h"

namespace anole::bench {
namespace {

class Sampling : public Benchmark {
 public:
  Sampling(const std::string& family, int steps)
      : acting_(FamilyOption(family)),
        steps_(steps),
        worker_(acting_.family, acting_.policy),
        stage_(acting_.family),
        episode_(acting_.family.spec()) {}

  std::vector<double> Measure(int repetition) override {
    const mjModel& model = acting_.family.model();
    double rollout = 0, replay = 0;
    std::int64_t steps = 0;
    for (int i = 0; steps < steps_; ++i) {
      const Address address = Acting::Place(repetition, i);
      const auto run = [&] { acting_.Run(address, worker_, episode_); };
      run();
      const Track track = RecordTrack(acting_.task, address, episode_, stage_);
      // Either is the first one in every second episode.
      if (i % 2 == 0) rollout += Timed(ThreadSeconds, run);
      BeginTrack(model, track, stage_.data());
      replay += Timed(ThreadSeconds, [&] { Replay(model, track, stage_.data()); });
      CheckEnd(track, stage_.data());
      if (i % 2 == 1) rollout += Timed(ThreadSeconds, run);
      steps += episode_.length;
    }
    return {replay / rollout};
  }

 private:
  Acting acting_;
  std::int64_t steps_;
  Worker worker_;
  Stage stage_;
  Episode episode_;
};

BenchmarkEntry Entry(const std::string& body, const std::string& family, int steps,
                     std::optional<double> goal) {
  return {.figures = {{.name = "sampling/" + body, .goal = goal}},
          .make = [=] { return std::make_unique<Sampling>(family, steps); }};
}

// As many steps as take the same time.
std::vector<BenchmarkEntry> Entries() {
  return {Entry("half-cheetah", "cheetah-velocity", 4000, 0.95),
          Entry("ant", "ant-velocity", 1000, {}),
          Entry("humanoid", "humanoid-direction", 1000, {})};
}

const RegisterBenchmarks registration(&Entries);

}  // namespace
}  // namespace anole::bench
