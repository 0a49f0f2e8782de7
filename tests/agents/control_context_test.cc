#include "agents/control/control_context.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole {
namespace {

class ContextTest : public testing::Test {
 protected:
  ControlContext Make(std::int64_t schedule_length = 0) const {
    return {policy_, options_, shape_, /*updates=*/3, schedule_length};
  }
  static Vector Next(const ControlContext& context, VectorIn values, std::int64_t iteration,
                     const std::vector<ContextStats>& stats) {
    std::vector<Adaptation> batch;
    for (const ContextStats& task : stats) batch.emplace_back().context_stats = task.flat();
    return context.Next(values, iteration, batch);
  }

  PolicyOptions policy_;
  ContextOptions options_{.step_size_rate = 0.2};
  PolicyShape shape_{MlpShape(2, {3}, 1)};  // two layers
  // Means, mean squares, deviation, cosines.
  ContextStats stats_{shape_, (Vector(9) << 4, 0, 25, 4, 2, 0, 0, 0, 0).finished()};
};

TEST_F(ContextTest, TheFirstIterationReplacesTheNormaliserAndLaterOnesAverage) {
  const ControlContext context = Make();
  const Vector first = Next(context, context.Initial(), 0, {stats_});
  EXPECT_TRUE(context.Observations(first).mean.isApprox(Eigen::Vector2d(4, 0)));
  EXPECT_TRUE(context.Observations(first).deviation.isApprox(Eigen::Vector2d(3, 2)));

  ContextStats other = stats_;
  other.observation_mean() = Eigen::Vector2d(8, 0);
  const Vector second = Next(context, first, 1, {other, other});
  EXPECT_TRUE(context.Observations(second).mean.isApprox(Eigen::Vector2d(6, 0)));
  // From 50 iterations on, the weight of a new one stays 1 / 51.
  const Vector late = Next(context, first, 1000, {other});
  EXPECT_NEAR(context.Observations(late).mean[0], 4 + 4. / 51, 1e-12);
}

TEST_F(ContextTest, AnObservationThatNeverChangesDoesNotDivideByZero) {
  const ControlContext context = Make();
  stats_.observation_mean().setOnes();
  stats_.observation_square().setOnes();
  const Vector merged = Next(context, context.Initial(), 0, {stats_});
  EXPECT_NEAR(context.Observations(merged).deviation[0], 0.01, 1e-12);
}

TEST_F(ContextTest, StepSizesGrowWhereSuccessiveGradientsAgree) {
  const ControlContext context = Make();
  stats_.cosines() << 0.5, -1,  // layer 0: after the first update, after the second
      0.25, 1;                  // layer 1
  ContextStats other = stats_;
  other.cosines().setZero();
  const Vector merged = Next(context, context.Initial(), 0, {stats_, other});  // mean: half
  const auto scale = [&](std::int64_t update, std::int64_t parameter) {
    return context.StepScale(merged, update)[parameter];
  };
  const std::int64_t layer1 = shape_.network.layers[1].offset;
  EXPECT_NEAR(scale(0, 0), std::exp(0.2 * 0.25), 1e-12);
  EXPECT_NEAR(scale(0, layer1), std::exp(0.2 * 0.125), 1e-12);
  EXPECT_NEAR(scale(1, 0), std::exp(-0.2 * 0.5), 1e-12);
  EXPECT_NEAR(scale(1, layer1), std::exp(0.2 * 0.5), 1e-12);
  EXPECT_EQ(scale(2, 0), scale(1, 0)) << "the last update follows the one before";
  EXPECT_EQ(scale(7, layer1), scale(2, layer1)) << "later updates reuse the last row";
}

TEST_F(ContextTest, StepSizesDoNotRunAway) {
  const ControlContext context = Make();
  for (const double cosine : {1., -1.}) {
    stats_.cosines().setConstant(cosine);
    Vector merged = context.Initial();
    for (int i = 0; i < 500; ++i) merged = Next(context, merged, i, {stats_});
    const double scale = context.StepScale(merged, 0)[0];
    EXPECT_NEAR(scale, cosine > 0 ? 16 : 1. / 16, 1e-12);
    stats_.cosines() *= -1;  // it does not stick there
    EXPECT_NEAR(context.StepScale(Next(context, merged, 500, {stats_}), 0)[0],
                scale * std::exp(-0.2 * cosine), 1e-12);
  }
}

TEST_F(ContextTest, TheNoiseScheduleIsLinearAndThenConstant) {
  policy_.log_std_mode = LogStdMode::kScheduled;
  policy_.log_std = -0.5;
  policy_.log_std_final = -1.5;
  const ControlContext context = Make(/*schedule_length=*/10);
  const Vector initial = context.Initial();
  EXPECT_EQ(context.LogStd(initial, Vector())[0], -0.5);
  EXPECT_EQ(context.NoiseRatio(initial), 1);
  const Vector middle = Next(context, initial, 4, {stats_});
  EXPECT_NEAR(context.LogStd(middle, Vector())[0], -1, 1e-12);
  EXPECT_NEAR(context.NoiseRatio(middle), std::exp(-0.5), 1e-12);
  EXPECT_NEAR(context.LogStd(Next(context, initial, 99, {stats_}), Vector())[0], -1.5, 1e-12);
}

TEST_F(ContextTest, ALearnedNoiseHasAFloor) {
  policy_.log_std_mode = LogStdMode::kLearned;
  shape_.learns_log_std = true;
  shape_.log_std_floor = -2;
  const ControlContext context = Make();
  Vector params = Vector::Zero(shape_.size());
  params[params.size() - 1] = -7;
  EXPECT_EQ(context.LogStd(context.Initial(), params)[0], -2);
  params[params.size() - 1] = -1;
  EXPECT_EQ(context.LogStd(context.Initial(), params)[0], -1);
  EXPECT_EQ(context.StepScale(context.Initial(), 0)[params.size() - 1], 1);
}

TEST_F(ContextTest, AdvantagesOfABatchHaveMeanZeroAndDeviationOne) {
  const ControlContext context = Make();
  Vector advantages = Eigen::Vector4d(1, 3, 5, 7);
  context.NormalizeAdvantages(context.Initial(), advantages);
  EXPECT_TRUE(advantages.isApprox(Eigen::Vector4d(-3, -1, 1, 3) / std::sqrt(5)));
}

TEST_F(ContextTest, TheSharedScaleIsARunningMeanOfDeviations) {
  options_.advantage_scale = AdvantageScale::kShared;
  const ControlContext context = Make();
  Vector advantages = Eigen::Vector2d(-8, 8);
  context.NormalizeAdvantages(context.Initial(), advantages);  // no scale yet: its own, 8
  EXPECT_TRUE(advantages.isApprox(Eigen::Vector2d(-1, 1)));
  const Vector first = Next(context, context.Initial(), 0, {stats_});  // 2
  context.NormalizeAdvantages(first, advantages);
  EXPECT_TRUE(advantages.isApprox(Eigen::Vector2d(-0.5, 0.5)));
  stats_.advantage_deviation() = 4;
  const Vector second = Next(context, first, 1, {stats_});
  advantages = Eigen::Vector2d(-2.1, 2.1);
  context.NormalizeAdvantages(second, advantages);  // .95 * 2 + .05 * 4 = 2.1
  EXPECT_TRUE(advantages.isApprox(Eigen::Vector2d(-1, 1)));
}

TEST_F(ContextTest, MeasuresABatch) {
  const ControlContext context = Make();
  std::vector<Samples> batch(1);
  Samples& samples = batch[0];
  samples.observations = (Matrix(2, 2) << 1, 3, 0, -2).finished();
  samples.advantages = Eigen::Vector2d(5, 9);
  const auto measure = [&](std::span<const Samples> all) {
    ContextStats measured(shape_, /*updates=*/1);
    context.Measure(context.Initial(), all, measured);
    return measured;
  };
  ContextStats stats = measure(batch);
  EXPECT_EQ(stats.observation_mean(), Vector(Eigen::Vector2d(2, -1)));
  EXPECT_EQ(stats.observation_square(), Vector(Eigen::Vector2d(5, 2)));
  EXPECT_EQ(stats.advantage_deviation(), 2);
  // A batch in which every episode diverged changes nothing.
  const std::vector<Samples> diverged = {Samples{Matrix(2, 0)}};
  EXPECT_EQ(measure(diverged).observation_square(), Vector(Vector::Ones(2)));
  // Of a mixture, the mean over its tasks, however long their episodes.
  batch.push_back({.observations = (Matrix(2, 1) << 4, 3).finished()});
  batch[1].advantages = Vector::Constant(1, 7);
  ContextStats mixed = measure(batch);
  EXPECT_EQ(mixed.observation_mean(), Vector(Eigen::Vector2d(3, 1)));
  EXPECT_EQ(mixed.advantage_deviation(), 1);
}

}  // namespace
}  // namespace anole
