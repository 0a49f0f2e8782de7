// rewrite/BODY: a step of the plain model over one of the rewritten (envs/model_rewrite.h), on the
// same actions. Both end in the same bits.
#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/bench/replay.h"

namespace anole::bench {
namespace {

class Rewrite : public Benchmark {
 public:
  Rewrite(const std::string& family, int steps)
      : rewritten_(FamilyOption(family)),
        plain_(FamilyOption(family) + "model_rewrite = 'off'\n"),
        steps_(steps),
        worker_(rewritten_.family, rewritten_.policy),
        plain_data_(MakeData(plain_.family.model())),
        episode_(rewritten_.family.spec()) {}

  std::vector<double> Measure(int repetition) override {
    double rewritten = 0, plain = 0;
    std::int64_t steps = 0;
    for (int i = 0; steps < steps_; ++i) {
      const Address address = Acting::Place(repetition, i);
      rewritten_.Run(address, worker_, episode_);
      const Track track = RecordTrack(rewritten_.task, address, episode_, worker_.stage);
      if (i % 2 == 0) plain += ReplayPlain(track);
      rewritten += ReplayRewritten(track);
      if (i % 2 == 1) plain += ReplayPlain(track);
      steps += episode_.length;
    }
    return {plain / rewritten};
  }

 private:
  static double Seconds(const Acting& acting, const Track& track, mjData& data) {
    const mjModel& model = acting.family.model();
    BeginTrack(model, track, data);
    const double seconds = Timed(ThreadSeconds, [&] { Replay(model, track, data); });
    CheckEnd(track, data);
    return seconds;
  }
  // Two functions, so that profilers tell them apart (tools/bench/instructions).
  [[gnu::noinline]] double ReplayPlain(const Track& track) {
    return Seconds(plain_, track, *plain_data_);
  }
  [[gnu::noinline]] double ReplayRewritten(const Track& track) {
    return Seconds(rewritten_, track, worker_.stage.data());
  }

  Acting rewritten_, plain_;
  std::int64_t steps_;
  Worker worker_;
  DataPtr plain_data_;
  Episode episode_;
};

BenchmarkEntry RewriteEntry(const std::string& body, const std::string& family, int steps,
                            std::optional<double> goal) {
  return {.figures = {{.name = "rewrite/" + body, .goal = goal}},
          .make = [=] { return std::make_unique<Rewrite>(family, steps); }};
}

// Goals: 95 % of what a first, hand-written rewrite of these models gained (1.28, 1.26, 1.35, 1.21
// and 1.07 times).
std::vector<BenchmarkEntry> RewriteEntries() {
  return {RewriteEntry("half-cheetah", "cheetah-velocity", 4000, 1.21),
          RewriteEntry("ant", "ant-velocity", 1000, 1.19),
          RewriteEntry("walker", "walker-velocity", 4000, 1.28),
          RewriteEntry("hopper", "hopper-velocity", 4000, 1.14),
          RewriteEntry("humanoid", "humanoid-direction", 1000, 1.01),
          RewriteEntry("swimmer", "swimmer-velocity", 4000, {})};
}

const RegisterBenchmarks registration(&RewriteEntries);

}  // namespace
}  // namespace anole::bench
