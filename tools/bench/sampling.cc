#include "tools/bench/sampling.h"

#include "tools/bench/acting.h"
#include "tools/bench/clock.h"
#include "tools/bench/replay.h"

namespace anole::bench {
namespace {

class Sampling : public Benchmark {
 public:
  Sampling(const Settings& experiment, int steps)
      : acting_(experiment),
        steps_(steps),
        worker_(acting_.family, acting_.policy),
        stage_(acting_.family),
        episode_(acting_.loop->MakeEpisodes(1).front()) {}

  std::vector<double> Measure(int repetition) override {
    double rollout = 0, replay = 0;
    std::int64_t steps = 0;
    for (int i = 0; steps < steps_; ++i) {
      const Address address = Acting::Place(repetition, i);
      const auto run = [&] { acting_.Run(address, worker_, episode_); };
      run();
      const Track track = RecordTrack(acting_.task, address, episode_, stage_);
      // Either is the first one in every second episode.
      if (i % 2 == 0) rollout += Timed(ThreadSeconds, run);
      const mjModel& model = stage_.model();
      BeginTrack(model, track, stage_.data());
      replay += Timed(ThreadSeconds, [&] { Replay(model, track, stage_.data()); });
      CheckEnd(model, track, stage_.data());
      if (i % 2 == 1) rollout += Timed(ThreadSeconds, run);
      steps += episode_.length;
      Acting::ExpectSteps(i, steps);
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

constexpr const char* kRemembers = "[policy]\ngru = 64\nhidden = []\nfeedback = true\n";

BenchmarkEntry SamplingOf(const std::string& name, const std::string& options, int steps,
                          std::optional<double> goal) {
  return SamplingEntry(name, Settings::FromText(options, "bench"), steps, goal);
}

// As many steps as take the same time.
std::vector<BenchmarkEntry> SamplingEntries() {
  const std::string half_cheetah = FamilyOption("cheetah-velocity");
  return {SamplingOf("half-cheetah", half_cheetah, 4000, 0.95),
          SamplingOf("half-cheetah-gru", half_cheetah + kRemembers, 4000, {}),
          SamplingOf("ant", FamilyOption("ant-velocity"), 1000, {}),
          SamplingOf("humanoid", FamilyOption("humanoid-direction"), 1000, {})};
}

const RegisterBenchmarks registration(&SamplingEntries);

}  // namespace

BenchmarkEntry SamplingEntry(const std::string& name, const Settings& experiment, int steps,
                             std::optional<double> goal) {
  return {.figures = {{.name = "sampling/" + name, .goal = goal}},
          .make = [=] { return std::make_unique<Sampling>(experiment, steps); }};
}

}  // namespace anole::bench
