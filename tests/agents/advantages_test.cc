#include "agents/control/advantages.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole {
namespace {

TEST(DiscountedSums, ByHand) {
  // 1 + .5 * (2 + .5 * 4) = 3
  EXPECT_EQ(DiscountedSums(Eigen::Vector3d(1, 2, 4), 0.5), Vector(Eigen::Vector3d(3, 4, 4)));
}

TEST(GeneralizedAdvantages, ByHand) {
  const Eigen::Vector3d rewards(1, 2, 4), values(3, 1, 2);
  // errors: 1 + .5 * 1 - 3 = -1.5;  2 + .5 * 2 - 1 = 2;  4 + 0 - 2 = 2, the episode ends with 0
  // lambda .8, so factor .4:  a2 = 2;  a1 = 2 + .4 * 2 = 2.8;  a0 = -1.5 + .4 * 2.8 = -.38
  EXPECT_TRUE(GeneralizedAdvantages(rewards, values, 0.5, 0.8)
                  .isApprox(Eigen::Vector3d(-0.38, 2.8, 2), 1e-14));
}

TEST(GeneralizedAdvantages, LambdaZeroIsTheErrorAndLambdaOneTheReturn) {
  const Eigen::Vector3d rewards(1, 2, 4), values(3, 1, 2);
  EXPECT_TRUE(
      GeneralizedAdvantages(rewards, values, 0.5, 0).isApprox(Eigen::Vector3d(-1.5, 2, 2), 1e-14));
  EXPECT_TRUE(GeneralizedAdvantages(rewards, values, 0.5, 1)
                  .isApprox(DiscountedSums(rewards, 0.5) - values, 1e-14));
}

FamilySpec Spec(std::int64_t horizon) {
  FamilySpec spec;
  spec.observation_dim = 2;
  spec.action_dim = 1;
  spec.horizon = horizon;
  spec.reward_terms = {{"r", ""}};
  return spec;
}

Episode RandomEpisode(std::int64_t length, std::int64_t horizon, Rng& rng) {
  Episode episode(Spec(horizon));
  episode.length = length;
  for (double& x : episode.observations.reshaped()) x = rng.Normal();
  for (double& x : episode.actions.reshaped()) x = rng.Normal();
  for (double& x : episode.rewards) x = rng.Normal();
  for (double& x : episode.log_probs) x = rng.Normal();
  return episode;
}

TEST(LinearBaseline, FindsAFunctionOfItsFeatures) {
  Rng rng = Address{.seed = 1}.Open(Purpose::kReset);
  std::vector<Episode> episodes;
  for (int i = 0; i < 10; ++i) episodes.push_back(RandomEpisode(100, 100, rng));
  std::vector<const Episode*> pointers;
  std::vector<Vector> returns;
  const auto target = [](const Episode& episode) {
    Vector values(episode.length);
    for (Eigen::Index i = 0; i < values.size(); ++i) {
      const double t = static_cast<double>(i) / 100;
      values[i] = 3 + 2 * episode.observations(0, i) - std::pow(episode.observations(1, i), 2) + t -
                  2 * t * t * t;
    }
    return values;
  };
  for (const Episode& episode : episodes) {
    pointers.push_back(&episode);
    returns.push_back(target(episode));
  }
  const LinearBaseline baseline(pointers, returns);
  EXPECT_LT((baseline.Values(episodes[3]) - returns[3]).cwiseAbs().maxCoeff(), 0.01);
}

// Returns that no observation tells of.
TEST(EstimateAdvantages, TheBaselineSeesWhatIsPrivileged) {
  Rng rng = Address{.seed = 5}.Open(Purpose::kReset);
  FamilySpec spec = Spec(50);
  spec.privileged_dim = 1;
  const auto explained = [&](double shown) {
    std::vector<Episode> episodes(20, Episode(spec));
    for (Episode& episode : episodes) {
      episode.length = 50;
      for (double& x : episode.observations.reshaped()) x = rng.Normal();
      for (double& x : episode.actions.reshaped()) x = rng.Normal();
      episode.log_probs.setZero();
      const double secret = rng.Normal();
      episode.privileged.setConstant(shown * secret);
      episode.rewards.setConstant(secret);
    }
    const Samples samples = EstimateAdvantages(episodes, {});
    EXPECT_EQ(samples.privileged.rows(), 1);
    return samples.explained_variance;
  };
  EXPECT_GT(explained(1), 0.7);  // the rest grows with the time that is left, too
  EXPECT_LT(explained(0), 0.4);
}

TEST(EstimateAdvantages, TellsHowMuchTheBaselineExplains) {
  Rng rng = Address{.seed = 3}.Open(Purpose::kReset);
  std::vector<Episode> episodes;
  for (int i = 0; i < 20; ++i) episodes.push_back(RandomEpisode(40, 40, rng));
  // Rewards of pure noise: about nothing. Of the observation, undiscounted by 0: all but nothing.
  EXPECT_NEAR(EstimateAdvantages(episodes, {.discount = 0}).explained_variance, 0, 0.1);
  for (Episode& episode : episodes) episode.rewards = 2 * episode.observations.row(0).transpose();
  EXPECT_GT(EstimateAdvantages(episodes, {.discount = 0}).explained_variance, 0.99);
  for (Episode& episode : episodes) episode.rewards.setConstant(1);
  EXPECT_TRUE(std::isnan(EstimateAdvantages(episodes, {.discount = 0}).explained_variance));
}

TEST(EstimateAdvantages, SetsEpisodesSideBySideWithoutTheDivergedOnes) {
  Rng rng = Address{.seed = 2}.Open(Purpose::kReset);
  std::vector<Episode> episodes;
  for (const std::int64_t length : {50, 30, 40}) episodes.push_back(RandomEpisode(length, 50, rng));
  episodes[1].end = End::kDiverged;
  const Samples samples = EstimateAdvantages(episodes, {});
  ASSERT_EQ(samples.advantages.size(), 90);
  EXPECT_EQ(samples.actions.rightCols(40), episodes[2].actions.leftCols(40));
  EXPECT_EQ(samples.log_probs.head(50), episodes[0].log_probs);
  EXPECT_EQ(samples.lengths, (std::vector<std::int64_t>{50, 40}));
  EXPECT_EQ(samples.steps().lengths.size(), 2);

  const std::vector<Episode> without = {episodes[0], episodes[2]};
  EXPECT_EQ(samples.advantages, EstimateAdvantages(without, {}).advantages);

  for (Episode& episode : episodes) episode.end = End::kDiverged;
  EXPECT_EQ(EstimateAdvantages(episodes, {}).advantages.size(), 0);
}

}  // namespace
}  // namespace anole
