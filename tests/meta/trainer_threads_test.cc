// The same parameters, bit for bit, on any number of threads: on a body with contacts, because a
// contact-free one does not notice state that leaks from one episode into the next.
#include <gtest/gtest.h>

#include "agents/parallel_for.h"
#include "meta/evaluation.h"
#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

Experiment SmallCheetah(const std::string& options = "") {
  return Experiment(Settings::FromText(R"(
[task]
family = "cheetah-velocity"
range = [-2, 2]
horizon = 40
[policy]
hidden = [16, 16]
log_std_mode = "scheduled"
[inner]
updates = 3
rollouts = 3
step_noise_exponent = 1
[meta]
batch_size = 3
optimizer = "adam"
step_size = 0.01
anneal_iterations = 6
step_size_decay = 0.5
)" + options,
                                       "test"));
}

struct Result {
  MetaState state;
  std::vector<Matrix> facts;
};

Result Train(const Experiment& experiment, int threads, std::uint64_t seed, std::int64_t iterations,
             const MetaState* from = nullptr) {
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, seed, *loop, *gradient, *optimizer);
  Result result{from != nullptr ? *from : MetaState(loop->Initial(seed)), {}};
  WithThreads(threads, [&] {
    while (result.state.iteration < iterations) {
      for (const Adaptation& adaptation : trainer.Step(result.state).batch) {
        result.facts.push_back(adaptation.facts);
      }
    }
  });
  return result;
}

void ExpectSame(const Result& a, const Result& b) {
  EXPECT_EQ(a.state.theta, b.state.theta);
  EXPECT_EQ(a.state.context, b.state.context);
  EXPECT_EQ(a.state.optimizer, b.state.optimizer);
  EXPECT_EQ(a.state.samples, b.state.samples);
  ASSERT_EQ(a.facts.size(), b.facts.size());
  for (std::size_t i = 0; i < a.facts.size(); ++i) {
    // Facts that were not measured are NaN in both.
    EXPECT_TRUE(((a.facts[i].array() == b.facts[i].array()) ||
                 (a.facts[i].array().isNaN() && b.facts[i].array().isNaN()))
                    .all());
  }
}

TEST(Trainer, IsBitwiseTheSameOnAnyNumberOfThreads) {
  const Experiment experiment = SmallCheetah();
  const Result one = Train(experiment, 1, 1, 3);
  for (const int threads : {2, 3, 8}) {
    SCOPED_TRACE(threads);
    ExpectSame(Train(experiment, threads, 1, 3), one);
  }
  EXPECT_NE(Train(experiment, 1, 2, 3).state.theta, one.state.theta) << "another seed";
}

TEST(Trainer, MixturesAndOtherMetaGradientsAreTheSameOnAnyNumberOfThreads) {
  for (const std::string options : {"[task]\nmixture = true\n", "[meta]\ngradient = 'fomaml'\n",
                                    "[task]\nmixture = true\n[meta]\ngradient = 'maml'\n",
                                    "[meta]\ngradient = 'promp'\nouter_steps = 3\n",
                                    "[meta]\ngradient = 'maml'\noptimizer = 'trpo'\n"}) {
    SCOPED_TRACE(options);
    const Experiment experiment = SmallCheetah();
    Settings settings = Settings::FromText(experiment.Toml(), "test");
    settings.MakeOptional();
    const Settings changes = Settings::FromText(options, "test");
    for (const Setting& setting : changes.all()) settings.Set(setting);
    const Experiment changed(settings);
    const Result one = Train(changed, 1, 1, 2);
    ExpectSame(Train(changed, 3, 1, 2), one);
    EXPECT_NE(Train(experiment, 1, 1, 2).state.theta, one.state.theta);
  }
}

TEST(Trainer, GoesOnFromAStateAsIfItHadNotStopped) {
  const Experiment experiment = SmallCheetah();
  const Result straight = Train(experiment, 2, 1, 6);
  const Result half = Train(experiment, 1, 1, 3);
  const Result rest = Train(experiment, 3, 1, 6, &half.state);
  EXPECT_EQ(rest.state.theta, straight.state.theta);
  EXPECT_EQ(rest.state.context, straight.state.context);
  EXPECT_EQ(rest.state.optimizer, straight.state.optimizer);
}

TEST(Trainer, AveragesThetaWithoutMovingIt) {
  Experiment experiment = SmallCheetah();
  constexpr int kIterations = 4;
  std::vector<Vector> thetas;  // after 1, 2, ... iterations
  for (int i = 1; i <= kIterations; ++i) thetas.push_back(Train(experiment, 2, 1, i).state.theta);
  experiment.trainer.average = 0.5;
  const Result straight = Train(experiment, 2, 1, kIterations);
  EXPECT_EQ(straight.state.theta, thetas.back());
  const Vector expected = (thetas[0] + 2 * thetas[1] + 4 * thetas[2] + 8 * thetas[3]) / 15;
  EXPECT_TRUE(straight.state.average.isApprox(expected, 1e-12));

  const Result half = Train(experiment, 1, 1, 2);
  const Result rest = Train(experiment, 3, 1, kIterations, &half.state);
  EXPECT_EQ(rest.state.average, straight.state.average);

  experiment.trainer.average = 0;
  EXPECT_EQ(Train(experiment, 1, 1, kIterations, &half.state).state.average.size(), 0);
}

TEST(Evaluate, IsBitwiseTheSameOnAnyNumberOfThreads) {
  const Experiment experiment = SmallCheetah();
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  const auto evaluate = [&](int threads) {
    Evaluation evaluation;
    WithThreads(threads, [&] {
      evaluation = Evaluate(*loop, state, Phase::kTest, {.tasks = 3, .updates = 2, .rollouts = 3});
    });
    return evaluation;
  };
  const Evaluation one = evaluate(1), many = evaluate(8);
  EXPECT_EQ(one.scores, many.scores);
  EXPECT_EQ(one.deterministic_scores, many.deterministic_scores);
}

}  // namespace
}  // namespace anole
