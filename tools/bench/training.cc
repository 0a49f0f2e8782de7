// training/LEARNER: sampling alone, over whole training iterations with as many environment steps,
// on as many threads. 1 would be a learner that costs nothing and leaves no thread idle.
// idle/LEARNER: the share of what the threads could have done in these iterations that nobody used.
#include <algorithm>
#include <map>

#include "agents/parallel_for.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/usage.h"

namespace anole::bench {
namespace {

// Two updates instead of five, to be done sooner.
constexpr const char* kRun = R"(
[task]
family = "cheetah-velocity"
[inner]
updates = 2
)";

// Step sizes are learned as by default, unless the learner takes no steps of a given size. What
// learns by remembering is trained as RL^2 is.
Settings RunOf(const std::string& learner) {
  Settings settings = Settings::FromText(kRun, "bench");
  settings.Set("inner.learner", learner);
  const bool learned = InnerLearners::NewMaker(learner)->Make()->takes_step_scale();
  settings.Set("inner.learn_step_sizes", learned ? "true" : "false");
  if (learner == "memory") {
    settings.Set("policy.gru", "64");
    settings.Set("policy.hidden", "[]");
    settings.Set("policy.feedback", "true");
    settings.Set("meta.gradient", "promp");
    settings.Set("meta.optimizer", "adam");
    settings.Set("meta.step_size", "0.001");
  }
  if (learner == "ppo") settings.Set("inner.epochs", "8");  // what its goal is of
  return settings;
}

class Training : public Benchmark {
 public:
  explicit Training(const std::string& learner)
      : experiment_(RunOf(learner)),
        loop_(experiment_.MakeControlLoop()),
        gradient_(experiment_.MakeGradient()),
        optimizer_(experiment_.MakeOptimizer()),
        trainer_(experiment_.trainer, 1, *loop_, *gradient_, *optimizer_),
        state_(loop_->Initial(1)),
        tasks_(loop_->SampleTasks(1, Phase::kTrain, {.count = experiment_.trainer.batch_size})) {
    const Plan plan = TrainingPlan(*loop_, *gradient_, *optimizer_);
    episodes_ = loop_->MakeEpisodes(plan.batches() * plan.rollouts * tasks_.cols());
  }

  std::vector<double> Measure(int repetition) override {
    const ControlPolicy<float> policy = loop_->Policy(state_.theta, state_.context);
    const double sampling = Timed(UndisturbedSeconds, [&] {
      loop_->Sample(policy, tasks_, Exploration::kStochastic, {.seed = 2, .iteration = repetition},
                    0, episodes_);
    });
    const std::int64_t before = state_.samples;
    const double cpu_before = CpuSeconds();
    const double training = Timed(UndisturbedSeconds, [&] { trainer_.Step(state_); });
    const double used = (CpuSeconds() - cpu_before) / CurrentThreads();
    std::int64_t sampled = 0;
    for (const Episode& episode : episodes_) sampled += episode.length;
    const auto trained = static_cast<double>(state_.samples - before);
    return {sampling / static_cast<double>(sampled) / (training / trained),
            std::max(0., 1 - used / training)};
  }

 private:
  Experiment experiment_;
  std::unique_ptr<ControlLoop> loop_;
  std::unique_ptr<MetaGradient> gradient_;
  std::unique_ptr<OuterOptimizer> optimizer_;
  Trainer trainer_;
  MetaState state_;
  Matrix tasks_;
  std::vector<Episode> episodes_;
};

// Every learner that there is; a goal for those that have one.
std::vector<BenchmarkEntry> TrainingEntries() {
  static const std::map<std::string, double> kGoals = {
      {"vpg", 0.9}, {"ppo", 0.65}, {"npg", 0.6}, {"trpo", 0.5}};
  std::vector<BenchmarkEntry> entries;
  for (const std::string& learner : InnerLearners::names()) {
    Figure ratio{.name = "training/" + learner, .goal = {}};
    if (const auto goal = kGoals.find(learner); goal != kGoals.end()) ratio.goal = goal->second;
    entries.push_back(
        {.figures = {ratio, {.name = "idle/" + learner, .goal = 0.05, .better = Better::kLower}},
         .make = [=] { return std::make_unique<Training>(learner); }});
  }
  return entries;
}

const RegisterBenchmarks registration(&TrainingEntries);

}  // namespace
}  // namespace anole::bench
