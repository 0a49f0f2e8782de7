// Losses and their gradients, and learning classes.
#include <gtest/gtest.h>

#include <cmath>

#include "agents/supervised/loss.h"
#include "agents/supervised/supervised_loop.h"
#include "tests/agents/finite_differences.h"

namespace anole {
namespace {

class LossTest : public testing::Test {
 protected:
  LossTest() {
    Rng rng = Address{.seed = 5}.Open(Purpose::kInit);
    params_ = shape_.InitialParams(rng, 1);
    batch_.inputs = Matrix(4, 6);
    for (double& x : batch_.inputs.reshaped()) x = rng.Normal();
    batch_.targets = Matrix::Zero(3, 6);
    for (int i = 0; i < 6; ++i) batch_.targets(i % 3, i) = 1;
  }

  MlpShape shape_{4, {5}, 3};
  Vector params_;
  Batch batch_;
};

TEST_F(LossTest, GradientsAreThoseOfFiniteDifferences) {
  for (const auto loss : {SquaredError, CrossEntropy}) {
    Vector gradient;
    const double value = loss(shape_, params_, batch_, &gradient);
    EXPECT_EQ(value, loss(shape_, params_, batch_, nullptr));
    const auto at = [&](VectorIn params) { return loss(shape_, params, batch_, nullptr); };
    EXPECT_LT(RelativeError(gradient, FiniteDifferences(at, params_)), 1e-6);
  }
}

TEST_F(LossTest, HessianProductsAreThoseOfFiniteDifferences) {
  const Vector v = params_.reverse();
  const auto expect = [&](const auto& product, const auto& loss) {
    const auto slope = [&](VectorIn params) {
      Vector gradient;
      loss(shape_, params, batch_, &gradient);
      return gradient.dot(v);
    };
    EXPECT_LT(RelativeError(product(shape_, params_, batch_, v), FiniteDifferences(slope, params_)),
              1e-6);
  };
  expect(SquaredErrorHessianProduct, SquaredError);
  expect(CrossEntropyHessianProduct, CrossEntropy);
}

TEST_F(LossTest, CrossEntropyIsWhatItsNameSays) {
  // A linear model with biases alone: the same logits for all points.
  const MlpShape shape(4, {}, 3);
  Vector params = Vector::Zero(shape.size());
  EXPECT_DOUBLE_EQ(CrossEntropy(shape, params, batch_), std::log(3));
  params.tail(3) << 1000, 1001, 999;  // e^1001 is no number
  const double sum = std::exp(-1) + 1 + std::exp(-2);
  EXPECT_NEAR(CrossEntropy(shape, params, batch_), std::log(sum) + (1 + 0 + 2) / 3., 1e-12);
  EXPECT_DOUBLE_EQ(Accuracy(shape, params, batch_), 1. / 3);
}

// Two classes that differ in the sign of one input, which also has a mean of the task's own.
class Signs : public DataFamily {
 public:
  const DataSpec& spec() const override { return spec_; }
  Vector Sample(Rng& rng, const TaskPlace& /*place*/) const override {
    return Vector::Constant(1, rng.Uniform(-3, 3));
  }
  Batch Draw(VectorIn task, Rng& /*rng*/) const override { return Support(task); }
  Batch Support(VectorIn task) const override { return Points(task, 0.3); }
  Batch Query(VectorIn task) const override { return Points(task, 0.4); }

 private:
  static Batch Points(VectorIn task, double reach) {
    Batch batch{Matrix(1, 2), Matrix::Identity(2, 2)};
    batch.inputs << task[0] - reach, task[0] + reach;
    return batch;
  }
  DataSpec spec_{.input_dim = 1,
                 .output_dim = 2,
                 .points = 2,
                 .task_parameters = {{"mean", ""}},
                 .classification = true};
};

TEST(SupervisedLoop, LearnsClassesAndReportsAccuracy) {
  const auto accuracy = [](const SupervisedOptions& options) {
    const SupervisedLoop loop(options, std::make_unique<Signs>());
    const Plan plan{.updates = 20, .score_last = true, .one_batch = true};
    const Adaptation adaptation =
        loop.Adapt(loop.Initial(1), Vector::Constant(1, 2), {.seed = 1}, plan);
    EXPECT_EQ(adaptation.facts.cols(), 21);
    EXPECT_LT(adaptation.facts(kScoreFact, 20), adaptation.facts(kScoreFact, 0));
    return adaptation.facts(kSuccessFact, 20);
  };
  EXPECT_EQ(accuracy({.hidden = {}, .step_size = 0.01}), 0.5) << "a few small steps do not suffice";
  for (const InnerOptimizer optimizer : {InnerOptimizer::kSgd, InnerOptimizer::kAdam}) {
    for (const bool transductive : {false, true}) {
      EXPECT_EQ(accuracy({.hidden = {},
                          .normalization = Normalization::kBatch,
                          .transductive = transductive,
                          .optimizer = optimizer,
                          .step_size = 0.3}),
                1)
          << WordOf(optimizer);
    }
  }
}

// Without transduction an example's score must not depend on which others are scored with it.
TEST(SupervisedLoop, OnlyTransductionLetsQueriesSeeEachOther) {
  class Shifted : public Signs {
   public:
    Batch Query(VectorIn task) const override {
      Batch batch = Signs::Query(task);
      batch.inputs(0, 1) += 100;
      return batch;
    }
  };
  const auto loss_of_both = [](bool transductive, auto family) {
    const SupervisedLoop loop(
        {.hidden = {}, .normalization = Normalization::kBatch, .transductive = transductive},
        std::move(family));
    Learnable state = loop.Initial(1);
    state.theta << -1, 1, 0, 0;  // weights, biases: the sign tells
    return loop.Adapt(state, Vector::Zero(1), {}, {.updates = 0, .score_last = true})
        .facts(kScoreFact, 0);
  };
  const double alone = loss_of_both(false, std::make_unique<Signs>());
  // The second point is surer by itself; the first one is as it was.
  EXPECT_LT(loss_of_both(false, std::make_unique<Shifted>()), alone);
  const double together = loss_of_both(true, std::make_unique<Signs>());
  EXPECT_NE(together, alone);
}

}  // namespace
}  // namespace anole
