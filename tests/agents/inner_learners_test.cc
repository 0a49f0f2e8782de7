// What every inner learner of the registry promises.
#include <gtest/gtest.h>

#include <limits>

#include "tests/agents/line_policy.h"

namespace anole {
namespace {

class EveryLearner : public LinePolicyTest, public testing::WithParamInterface<std::string> {
 protected:
  EveryLearner() {
    shape_.learns_log_std = true;
    RecordLogProbs(params_);
  }

  // Updates params_ with an empty memory.
  UpdateStats Update(const std::vector<Samples>& tasks) {
    const Vector ones = Vector::Ones(3);
    const Address address;
    Vector memory;
    return MakeLearner(GetParam(), "")
        ->Update(Policy(params_), tasks, {.address = address, .step_scale = ones}, memory, params_);
  }

  const Vector start_ = Eigen::Vector3d(0.1, -0.1, -0.5);
  Vector params_ = start_;
};

TEST_P(EveryLearner, MakesGoodActionsMoreLikely) {
  const UpdateStats stats = Update({samples_});
  EXPECT_FALSE(stats.refused);
  EXPECT_NEAR(stats.step_norm, (params_ - start_).norm(), 1e-12);
  const Vector after = Policy(params_).LogProbs(samples_.observations, samples_.actions);
  EXPECT_GT(samples_.advantages.dot(after - samples_.log_probs), 0);
}

TEST_P(EveryLearner, RefusesAGradientThatIsNotFinite) {
  samples_.advantages[1] = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(Update({samples_, samples_}).refused);
  EXPECT_EQ(params_, start_);
}

TEST_P(EveryLearner, RefusesABatchOfDivergedEpisodes) {
  const UpdateStats stats = Update({Samples(), Samples()});
  EXPECT_TRUE(stats.refused);
  EXPECT_EQ(stats.gradient, Vector(Vector::Zero(3)));
  EXPECT_EQ(params_, start_);
}

// Of a mixture, tasks of one and of two steps, and one whose episodes all diverged.
TEST_P(EveryLearner, LearnsAMixture) {
  const Samples single{Matrix::Ones(1, 1), Matrix::Ones(1, 1),
                       Policy(params_).LogProbs(Matrix::Ones(1, 1), Matrix::Ones(1, 1)),
                       Vector::Ones(1)};
  EXPECT_FALSE(Update({samples_, single, {}}).refused);
  EXPECT_TRUE(params_.allFinite());
  EXPECT_NE(params_, start_);
}

// A deviation at its floor stays there in what the policy does, and may rise again.
TEST_P(EveryLearner, KeepsToTheFloorOfALearnedDeviation) {
  shape_.log_std_floor = -0.4;
  RecordLogProbs(params_);
  EXPECT_FALSE(Update({samples_}).refused);
  EXPECT_TRUE(params_.allFinite());
  EXPECT_GE(Policy(params_).log_std()[0], -0.4);
}

INSTANTIATE_TEST_SUITE_P(Learners, EveryLearner, testing::ValuesIn(UpdatingLearners()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace anole
