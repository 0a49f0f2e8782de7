#include "meta/finite.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "agents/parallel_for.h"
#include "meta/trainer.h"
#include "tests/meta/thread_ranks.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr const char* kLongInnerSteps =
    "[task]\nfamily = 'linear-regression'\n[inner]\nstep_size = 1e6\n";
constexpr const char* kLongOuterSteps =
    "[task]\nfamily = 'linear-regression'\n[inner]\nupdates = 1\n[meta]\nstep_size = 1e6\n"
    "optimizer = 'momentum'\n";
// Steps of ProMP are along gradients, which Reptile's outer step size is no measure for.
constexpr const char* kPromp =
    "[task]\nfamily = 'point-navigation'\nhorizon = 20\n[policy]\nhidden = [8]\n"
    "[inner]\nupdates = 2\nrollouts = 4\n[meta]\ngradient = 'promp'\nbatch_size = 4\n"
    "step_size = 100\n";

struct Outcome {
  std::string error;
  RunawayError::From from = RunawayError::From::kContext;
  MetaState state;  // as the iteration that failed left it
};

Outcome TrainUntilItFails(const std::string& options, const Communicator& ranks) {
  const Experiment experiment(Settings::FromText(options, "test"));
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer, ranks);
  Outcome outcome{.state = loop->Initial(1)};
  WithThreads(1, [&] {
    for (int i = 0; i < 400; ++i) {
      const std::int64_t before = outcome.state.iteration;
      try {
        trainer.Step(outcome.state);
      } catch (const RunawayError& error) {
        EXPECT_EQ(outcome.state.iteration, before);
        EXPECT_EQ(error.iteration(), before + 1);
        outcome.error = error.what();
        outcome.from = error.from();
        return;
      }
    }
  });
  return outcome;
}

TEST(Runaway, AnIterationLeavesTheStateAsItWas) {
  for (const char* options : {kLongInnerSteps, kLongOuterSteps, kPromp}) {
    SCOPED_TRACE(options);
    const Outcome outcome = TrainUntilItFails(options, Alone());
    EXPECT_NE(outcome.error.find(" would "), std::string::npos) << outcome.error;
    EXPECT_TRUE(outcome.error.starts_with("iteration ")) << outcome.error;
    EXPECT_TRUE(outcome.state.theta.allFinite());
    EXPECT_TRUE(outcome.state.context.allFinite());
    EXPECT_TRUE(outcome.state.optimizer.allFinite());
  }
  EXPECT_EQ(TrainUntilItFails(kLongInnerSteps, Alone()).from, RunawayError::From::kAdaptation);
}

TEST(Runaway, EveryRankIsTold) {
  for (const char* options : {kLongInnerSteps, kPromp}) {
    SCOPED_TRACE(options);
    const Outcome alone = TrainUntilItFails(options, Alone());
    std::atomic<int> told = 0;
    ThreadRanks::Run(3, [&](const Communicator& ranks) {
      if (TrainUntilItFails(options, ranks).error == alone.error) ++told;
    });
    EXPECT_EQ(told, 3);
  }
}

std::string ErrorOf(const std::function<void()>& check) {
  try {
    check();
  } catch (const RunawayError& error) {
    return error.what();
  }
  return "";
}

TEST(Runaway, NamesTheQuantity) {
  const MetaState before =
      Learnable{.theta = Vector::Zero(2), .context = Vector::Zero(3), .iteration = 41};
  const Layout layout{{{"w", {2}}}, {{"observation/mean", {1}}, {"inner/step_multipliers", {2}}}};

  std::vector<Adaptation> batch(3);
  for (Adaptation& adaptation : batch) adaptation.params = Vector::Zero(2);
  EXPECT_EQ(ErrorOf([&] { CheckFinite(batch, layout, before); }), "");
  batch[2].gradient = Vector::Constant(2, kNaN);
  EXPECT_EQ(ErrorOf([&] { CheckFinite(batch, layout, before); }),
            "iteration 42: the gradient after adaptation of task 2 of the meta-batch would not be "
            "finite");
  batch[1].params[1] = 1e39;  // a policy would compute with infinity
  EXPECT_EQ(ErrorOf([&] { CheckFinite(batch, layout, before); }),
            "iteration 42: the adapted parameters of task 1 of the meta-batch would not be finite");
  EXPECT_EQ(ErrorOf([&] { CheckFinite(std::span(batch).subspan(1, 1), layout, before); }),
            "iteration 42: the adapted parameters would not be finite");

  MetaState after = before;
  after.direction_norm = 1;
  EXPECT_EQ(ErrorOf([&] { CheckOuterStep(after, before); }), "");
  after.optimizer = Vector::Constant(4, std::numeric_limits<double>::infinity());
  EXPECT_EQ(ErrorOf([&] { CheckOuterStep(after, before); }),
            "iteration 42: the outer optimiser's memory would not be finite");
  after.theta[0] = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(ErrorOf([&] { CheckOuterStep(after, before); }),
            "iteration 42: theta after the outer step would not be finite");

  EXPECT_EQ(ErrorOf([&] { CheckStepLength(Eigen::Vector2d(29, 0), 1, layout, before); }), "");
  EXPECT_EQ(ErrorOf([&] { CheckStepLength(Eigen::Vector2d(0, 136.4), 1, layout, before); }),
            "iteration 42: the outer step would be 136 times as long as theta itself");

  EXPECT_EQ(ErrorOf([&] { CheckOuterKl(100, before); }), "");
  EXPECT_EQ(ErrorOf([&] { CheckOuterKl(223008.4, before); }),
            "iteration 42: the outer step would move the adapted policies by a KL divergence of "
            "223008");
  EXPECT_NE(ErrorOf([&] { CheckOuterKl(kNaN, before); }), "");

  EXPECT_EQ(ErrorOf([&] { CheckContext(Vector::Zero(3), layout, before); }), "");
  EXPECT_EQ(ErrorOf([&] { CheckContext(Eigen::Vector3d(0, 0, kNaN), layout, before); }),
            "iteration 42: inner/step_multipliers would not be finite");
}

TEST(Runaway, NamesThePartOfThetaWhereThereAreSeveral) {
  MetaState before;
  before.theta = Vector::Zero(3);
  const Layout layout{{{"policy/0/weight", {1}}, {"policy/0/bias", {1}}, {"critic/0/bias", {1}}},
                      {}};
  const auto part_of = [&](const std::function<void()>& check) {
    try {
      check();
    } catch (const RunawayError& error) {
      return error.part() + ": " + error.what();
    }
    return std::string();
  };
  EXPECT_EQ(part_of([&] { CheckStepLength(Eigen::Vector3d(20, 20, 40), 1, layout, before); }),
            "critic: iteration 1: the outer step would be 49 times as long as theta itself, most "
            "of it in the critic");
  std::vector<Adaptation> batch(1);
  batch[0].params = Eigen::Vector3d(1, kNaN, 1e30);
  EXPECT_EQ(part_of([&] { CheckFinite(batch, layout, before); }),
            "policy: iteration 1: the adapted parameters would not be finite");
}

}  // namespace
}  // namespace anole
