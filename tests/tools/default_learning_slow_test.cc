// Defaults learn: each family, given nothing but its name, adapts after a few iterations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agents/parallel_for.h"
#include "meta/trainer.h"
#include "tools/experiment.h"

namespace anole {
namespace {

// Families that a name alone does not describe.
const std::map<std::string, std::string> kNeedMore = {
    {"few-shot", "a folder of pictures"},
    {"robot", "a task file; configs/cart-pole.toml and quadruped.toml have one"}};

std::vector<std::string> Families() {
  std::vector<std::string> names = TaskFamilies::names();
  for (const std::string& name : DataFamilies::names()) names.push_back(name);
  std::erase_if(names, [](const std::string& name) { return kNeedMore.contains(name); });
  return names;
}

// What adaptation gained on each task of the iterations from `first` on: positive is better.
std::vector<double> Gains(const std::string& config, std::int64_t first, std::int64_t iterations) {
  const Experiment experiment(Settings::FromText(config, "test"));
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  std::vector<double> gains;
  WithThreads(AvailableThreads(), [&] {
    while (state.iteration < iterations) {
      const IterationFacts facts = trainer.Step(state);
      if (state.iteration <= first) continue;
      for (const Adaptation& adaptation : facts.batch) {
        const auto scores = adaptation.facts.row(kScoreFact);
        const double gain = scores[scores.size() - 1] - scores[0];
        gains.push_back(loop->spec().higher_is_better ? gain : -gain);
      }
    }
  });
  return gains;
}

class DefaultOptions : public testing::TestWithParam<std::string> {};

TEST_P(DefaultOptions, AdaptationHelps) {
  const std::vector<double> gains =
      Gains("[task]\nfamily = '" + GetParam() + "'\n", /*first=*/2, /*iterations=*/8);
  const Eigen::Map<const Vector> values(gains.data(), static_cast<Eigen::Index>(gains.size()));
  const double mean = values.mean();
  const double n = static_cast<double>(values.size());
  const double error = std::sqrt((values.array() - mean).square().sum() / (n - 1) / n);
  EXPECT_GT(mean, 4 * error) << "gain " << mean << " +- " << error;
}

INSTANTIATE_TEST_SUITE_P(Families, DefaultOptions, testing::ValuesIn(Families()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Updates used to grow until all actions lay beyond their limits, where no update changes anything.
TEST(DefaultOptionsOverTime, ANavigatorGoesOnAdapting) {
  const std::vector<double> gains = Gains(
      "[task]\nfamily = 'point-navigation'\nhorizon = 30\n[meta]\nbatch_size = 5\n", 250, 300);
  const Eigen::Map<const Vector> values(gains.data(), static_cast<Eigen::Index>(gains.size()));
  EXPECT_GT(values.mean(), 5) << "of about 12 that there are to be gained";
}

}  // namespace
}  // namespace anole
