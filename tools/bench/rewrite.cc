#include "tools/bench/rewrite.h"

#include <algorithm>

#include "envs/stage.h"
#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/bench/replay.h"

namespace anole::bench {
namespace {

constexpr const char* kOption = "task.model_rewrite";

Settings AsItIs(Settings experiment) {
  experiment.Set(kOption, "off");
  return experiment;
}

class Rewrite : public Benchmark {
 public:
  Rewrite(const Settings& experiment, int steps)
      : rewritten_(experiment),
        plain_(AsItIs(experiment)),
        steps_(steps),
        worker_(rewritten_.family, rewritten_.policy),
        plain_stage_(plain_.family),
        episode_(rewritten_.loop->MakeEpisodes(1).front()) {}

  std::vector<double> Measure(int repetition) override {
    double rewritten = 0, plain = 0;
    std::int64_t steps = 0;
    for (int i = 0; steps < steps_; ++i) {
      const Address address = Acting::Place(repetition, i);
      rewritten_.Run(address, worker_, episode_);
      plain_stage_.Reset(rewritten_.task, address, IterationOf(address));
      const Track track = RecordTrack(rewritten_.task, address, episode_, worker_.stage);
      if (i % 2 == 0) plain += ReplayPlain(track);
      rewritten += ReplayRewritten(track);
      if (i % 2 == 1) plain += ReplayPlain(track);
      steps += episode_.length;
      Acting::ExpectSteps(i, steps);
    }
    return {plain / rewritten};
  }

 private:
  static double Seconds(const Track& track, Stage& stage) {
    const mjModel& model = stage.model();
    mjData& data = stage.data();
    BeginTrack(model, track, data);
    const double seconds = Timed(ThreadSeconds, [&] { Replay(model, track, data); });
    CheckEnd(model, track, data);
    return seconds;
  }
  // Two functions, so that profilers tell them apart (tools/bench/instructions).
  [[gnu::noinline]] double ReplayPlain(const Track& track) { return Seconds(track, plain_stage_); }
  [[gnu::noinline]] double ReplayRewritten(const Track& track) {
    return Seconds(track, worker_.stage);
  }

  Acting rewritten_, plain_;
  std::int64_t steps_;
  Worker worker_;
  Stage plain_stage_;
  Episode episode_;
};

BenchmarkEntry RewriteOf(const std::string& body, const std::string& family, int steps,
                         std::optional<double> goal) {
  return RewriteEntry(body, Settings::FromText(FamilyOption(family), "bench"), steps, goal);
}

// Goals: 95 % of what a first, hand-written rewrite of these models gained (1.28, 1.26, 1.35, 1.21
// and 1.07 times).
std::vector<BenchmarkEntry> RewriteEntries() {
  return {RewriteOf("half-cheetah", "cheetah-velocity", 4000, 1.21),
          RewriteOf("ant", "ant-velocity", 1000, 1.19),
          RewriteOf("walker", "walker-velocity", 4000, 1.28),
          RewriteOf("hopper", "hopper-velocity", 4000, 1.14),
          RewriteOf("humanoid", "humanoid-direction", 1000, 1.01),
          RewriteOf("swimmer", "swimmer-velocity", 4000, {})};
}

const RegisterBenchmarks registration(&RewriteEntries);

}  // namespace

BenchmarkEntry RewriteEntry(const std::string& name, const Settings& experiment, int steps,
                            std::optional<double> goal) {
  return {.figures = {{.name = "rewrite/" + name, .goal = goal}},
          .make = [=] { return std::make_unique<Rewrite>(experiment, steps); }};
}

bool CanRewrite(const Experiment& experiment) {
  return std::ranges::any_of(
      experiment.Options(), [](const OptionDescription& option) { return option.name == kOption; });
}

}  // namespace anole::bench
