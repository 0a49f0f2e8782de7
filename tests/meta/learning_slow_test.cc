// Short runs of the stored experiments really learn to adapt. The full runs, and what they reach,
// are in configs/README.md.
#include <gtest/gtest.h>

#include <filesystem>

#include "agents/parallel_for.h"
#include "meta/evaluation.h"
#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

// Mean scores on held-out tasks after 0, 1, ... updates, after a few iterations.
Vector TrainAndEvaluate(const Settings& settings, std::int64_t iterations,
                        const EvaluationOptions& evaluation) {
  const Experiment experiment(settings);
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  Vector scores;
  WithThreads(AvailableThreads(), [&] {
    while (state.iteration < iterations) trainer.Step(state);
    scores = Evaluate(*loop, state, Phase::kTest, evaluation).scores.rowwise().mean();
  });
  return scores;
}

Settings StoredConfig(const std::string& config) {
  return Settings::FromFile(std::filesystem::path(ANOLE_SOURCE_DIR) / "configs" / config);
}

Vector Returns(const std::string& config, std::int64_t iterations) {
  return TrainAndEvaluate(StoredConfig(config), iterations,
                          {.tasks = 10, .updates = 3, .rollouts = 20});
}

TEST(Learning, ANavigatorFindsUnseenTargets) {
  const Vector returns = Returns("point-navigation.toml", 40);
  EXPECT_LT(returns[0], -25);
  EXPECT_GT(returns[1], returns[0] + 15);
  EXPECT_GT(returns[3], returns[1]);
}

TEST(Learning, ACheetahTurnsRound) {
  const Vector returns = Returns("cheetah-direction.toml", 20);
  EXPECT_GT(returns[2], returns[0] + 80);
}

// The loss on held-out sines after 0, 1, ... 32 updates on 10 points.
Vector SineLosses(bool mixture, std::int64_t iterations) {
  Settings settings = StoredConfig("sine.toml");
  settings.Set("task.mixture", mixture ? "true" : "false");
  settings.Set("meta.anneal_iterations", std::to_string(iterations));
  return TrainAndEvaluate(settings, iterations, {.tasks = 200, .updates = 32});
}

// A twentieth of the stored experiment's iterations. The mean of all sines is 0, and that is what
// joint training gives before adaptation; it adapts worse, however long.
TEST(Learning, ReptileLearnsToFitSinesWhereJointTrainingCollapses) {
  const Vector reptile = SineLosses(/*mixture=*/false, 1500);
  const Vector joint = SineLosses(/*mixture=*/true, 1500);
  EXPECT_LT(reptile[32], 0.2);
  EXPECT_NEAR(joint[0], 4.3, 0.8) << "the mean of amplitude^2 / 2";
  EXPECT_GT(joint[2], 2 * reptile[2]);
  EXPECT_GT(joint[32], 1.5 * reptile[32]);
}

}  // namespace
}  // namespace anole
