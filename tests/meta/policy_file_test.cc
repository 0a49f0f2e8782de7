// Another program can run a policy from its file alone: the formula of meta/README.md, written out
// in plain loops, gives what anole computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "meta/checkpoint.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

std::vector<double> MeanAction(const TensorFile& file, const std::vector<double>& observation) {
  const auto& values = [&](const std::string& name) -> const std::vector<double>& {
    return *file.FindValues<double>(name);
  };
  std::vector<double> x;
  for (std::size_t i = 0; i < observation.size(); ++i) {
    const double mean = values("observation/mean")[i];
    const double variance = values("observation/mean_square")[i] - mean * mean;
    x.push_back(
        std::clamp((observation[i] - mean) / std::sqrt(std::max(variance, 1e-4)), -10., 10.));
  }
  for (int layer = 0; layer < 3; ++layer) {
    const std::string name = "policy/layer" + std::to_string(layer);
    std::vector<double> y = values(name + "/bias");
    for (std::size_t row = 0; row < x.size(); ++row) {
      for (std::size_t column = 0; column < y.size(); ++column) {
        y[column] += x[row] * values(name + "/weight")[row * y.size() + column];
      }
    }
    if (layer < 2) std::ranges::transform(y, y.begin(), [](double z) { return std::tanh(z); });
    x = y;
  }
  return x;
}

TEST(PolicyFile, CanBeRunAsDocumented) {
  const Experiment experiment(
      Settings::FromText("[task]\nfamily = 'cheetah-direction'\nhorizon = 20\n"
                         "[inner]\nupdates = 2\nrollouts = 2\n[meta]\nbatch_size = 2\n",
                         "test"));
  const auto loop = experiment.MakeControlLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  trainer.Step(state);  // a normaliser that has seen something
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "policy_file_test.safetensors";
  SaveState(path, state, loop->spec().layout, {});
  const TensorFile file = ReadSafetensors(path);
  std::filesystem::remove(path);

  const ControlPolicy<float> policy = loop->Policy(state.theta, state.context);
  auto pass = policy.MakeMemory();
  Rng rng = Address{}.Open(Purpose::kObserve);
  for (int i = 0; i < 10; ++i) {
    std::vector<double> observation(17);
    for (double& o : observation) o = 2 * rng.Normal();
    Vector mean(6);
    policy.Mean(Eigen::Map<const Vector>(observation.data(), 17), pass, mean);
    const std::vector<double> expected = MeanAction(file, observation);
    for (int a = 0; a < 6; ++a) {
      EXPECT_NEAR(mean[a], expected[static_cast<std::size_t>(a)], 2e-6);
    }
  }
  const std::vector<double>& log_std = *file.FindValues<double>("policy/log_std");
  EXPECT_NEAR(policy.standard_deviation()[0], std::exp(log_std[0]), 1e-15);
}

}  // namespace
}  // namespace anole
