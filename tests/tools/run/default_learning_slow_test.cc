// Defaults learn: each family, given nothing but its name, comes to adapt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>

#include "agents/parallel_for.h"
#include "meta/trainer.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

// Families that a name alone does not describe.
const std::map<std::string, std::string> kNeedMore = {
    {"few-shot", "a folder of pictures"},
    {"robot", "a task file; configs/cart-pole.toml and quadruped.toml have one"}};

constexpr std::int64_t kMostIterations = 40;
constexpr double kEnough = 4;  // standard errors

std::vector<std::string> Families() {
  std::vector<std::string> names = TaskFamilies::names();
  for (const std::string& name : DataFamilies::names()) names.push_back(name);
  std::erase_if(names, [](const std::string& name) { return kNeedMore.contains(name); });
  return names;
}

// Trains by `config`; told of each iteration what adaptation gained on each of its tasks, where
// positive is better, `goes_on` says whether there is another.
void Train(const std::string& config, const std::function<bool(const Vector& gains)>& goes_on) {
  const Experiment experiment(Settings::FromText(config, "test"));
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  const double sign = loop->spec().higher_is_better ? 1 : -1;
  Vector gains;
  WithThreads(AvailableThreads(), [&] {
    do {
      const IterationFacts facts = trainer.Step(state);
      gains.resize(static_cast<Eigen::Index>(facts.batch.size()));
      for (Eigen::Index i = 0; i < gains.size(); ++i) {
        const Matrix& told = facts.batch[static_cast<std::size_t>(i)].facts;
        gains[i] = sign * (told(kScoreFact, told.cols() - 1) - told(kScoreFact, 0));
      }
    } while (goes_on(gains));
  });
}

// Of the mean of all values, which are independent.
double StandardErrors(const std::vector<Vector>& values) {
  double sum = 0, square = 0, n = 0;
  for (const Vector& some : values) {
    sum += some.sum();
    square += some.squaredNorm();
    n += static_cast<double>(some.size());
  }
  const double variance = (square - sum * sum / n) / (n - 1);
  return sum / n / std::sqrt(variance / n);
}

class DefaultOptions : public testing::TestWithParam<std::string> {};

// Over the later half of as many iterations as it takes.
TEST_P(DefaultOptions, AdaptationHelps) {
  std::vector<Vector> gains;
  double errors = 0;
  Train("[task]\nfamily = '" + GetParam() + "'\n", [&](const Vector& now) {
    gains.push_back(now);
    if (gains.size() < 2) return true;
    const auto half = static_cast<std::ptrdiff_t>(gains.size() / 2);
    errors = StandardErrors({gains.begin() + half, gains.end()});
    return errors < kEnough && static_cast<std::int64_t>(gains.size()) < kMostIterations;
  });
  EXPECT_GE(errors, kEnough) << "after " << gains.size() << " iterations";
  RecordProperty("iterations", static_cast<int>(gains.size()));
}

INSTANTIATE_TEST_SUITE_P(Families, DefaultOptions, testing::ValuesIn(Families()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Updates used to grow until all actions lay beyond their limits, where no update changes anything.
TEST(DefaultOptionsOverTime, ANavigatorGoesOnAdapting) {
  std::vector<double> gains;
  Train("[task]\nfamily = 'point-navigation'\nhorizon = 30\n[meta]\nbatch_size = 5\n",
        [&](const Vector& now) {
          gains.push_back(now.mean());
          return gains.size() < 300;
        });
  EXPECT_GT(Eigen::Map<const Vector>(gains.data() + 250, 50).mean(), 5)
      << "of about 12 that there are to be gained";
}

}  // namespace
}  // namespace anole
