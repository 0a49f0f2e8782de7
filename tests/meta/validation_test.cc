#include "meta/validation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tools/run/experiment.h"

namespace anole {
namespace {

Experiment Sines() {
  return Experiment(Settings::FromText("[task]\nfamily = 'sine'\n[model]\nhidden = [8]\n", "test"));
}

TEST(Validation, RemembersTheBestOfALossToo) {
  const Experiment experiment = Sines();
  const auto loop = experiment.MakeLoop();
  const ValidationOptions options{.every = 1, .tasks = 20, .updates = 3, .patience = 2};
  MetaState good = loop->Initial(1);
  MetaState bad = good;
  bad.theta *= 30;  // wild functions
  const std::vector<double> values = Validate(*loop, options, 0, bad);
  EXPECT_EQ(values.size(), options.MetricNames().size());
  EXPECT_EQ(bad.best.score, values[4]) << "mean";
  EXPECT_NEAR(values[4], (values[1] + values[2] + values[3]) / 3, 1e-12);
  EXPECT_GT(values[5], values[3]) << "the worst tenth has a larger loss than the mean";

  good.best = bad.best;
  good.iteration = 7;
  Validate(*loop, options, 0, good);
  EXPECT_LT(good.best.score, bad.best.score);
  EXPECT_EQ(good.best.iteration, 7);
  for (const int since : {1, 2}) {
    EXPECT_FALSE(options.IsExhausted(good));
    ++good.iteration;
    Validate(*loop, options, 0, good);  // as good as before is no better
    EXPECT_EQ(good.best.validations_since, since);
    EXPECT_EQ(good.best.iteration, 7);
  }
  EXPECT_TRUE(options.IsExhausted(good));
}

TEST(Validation, ScoresByTheMetricThatWasChosen) {
  const Experiment experiment = Sines();
  const auto loop = experiment.MakeLoop();
  for (std::size_t i = 0; i < 4; ++i) {
    ValidationOptions options{.every = 1, .tasks = 5, .updates = 1};
    options.metric = options.MetricNames()[i];
    MetaState state = loop->Initial(1);
    EXPECT_EQ(Validate(*loop, options, 0, state)[i], state.best.score) << options.metric;
  }
}

TEST(Validation, BrokenParametersAreNeverTheBest) {
  const Experiment experiment = Sines();
  const auto loop = experiment.MakeLoop();
  const ValidationOptions options{.every = 1, .tasks = 5};
  MetaState state = loop->Initial(1);
  MetaState broken = state;
  broken.theta.setConstant(std::nan(""));
  Validate(*loop, options, 0, broken);
  EXPECT_TRUE(std::isnan(broken.best.score));
  Validate(*loop, options, 0, state);
  broken.best = state.best;
  Validate(*loop, options, 0, broken);
  EXPECT_EQ(broken.best.score, state.best.score);
  EXPECT_EQ(broken.best.validations_since, 1);
}

}  // namespace
}  // namespace anole
