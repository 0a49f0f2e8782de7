// Frozen adaptations against the same in double, worked out step by step, and its finite
// differences.
#include "agents/control/frozen_control.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/control/gradient_step.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/ratio_surrogate.h"
#include "tests/agents/finite_differences.h"
#include "tests/agents/line_policy.h"
#include "tests/agents/random_samples.h"

namespace anole {
namespace {

constexpr int kObservations = 3, kActions = 2;
constexpr std::size_t kUpdates = 2;

struct Case {
  std::string name;
  AdaptationObjective objective;
  bool learns_log_std = false;
  double max_gradient_norm = 0, max_step_norm = 0;
};

const AdaptationObjective kMaml, kPromp{.ratios = true, .clip = 0.2, .kl_penalty = 0.5};

// Two updates by vpg and a batch to score them, each on a mixture of two tasks.
class FrozenControlTest : public testing::TestWithParam<Case> {
 protected:
  FrozenControlTest() : rng_(Address{.seed = 3}.Open(Purpose::kAction)) {
    shape_ = {MlpShape(kObservations, {5}, kActions), GetParam().learns_log_std};
    theta_ = Vector::Constant(shape_.size(), -0.4);
    theta_.head(shape_.network.size()) = shape_.network.InitialParams(rng_, 1);
    moved_ = theta_ + 0.05 * Random();
    Vector params = theta_, memory;
    for (std::size_t k = 0; k <= kUpdates; ++k) {
      const auto policy = Policy<float>(params);
      batches_.push_back({{RandomSamples(policy, kObservations, 60, rng_),
                           RandomSamples(policy, kObservations, 24, rng_)},
                          {.inner_step = static_cast<std::int64_t>(k)},
                          Vector::Ones(shape_.size()) + 0.2 * Random()});
      UpdateStats stats;
      if (k < kUpdates) {
        stats = learner_->Update(policy, batches_[k].samples, Context(k), memory, params);
      }
      frozen_.Add(batches_[k], {policy, stats});
    }
  }

  Vector Random() {
    return Vector::NullaryExpr(shape_.size(), [&] { return rng_.Normal(); });
  }

  template <class Scalar>
  ControlPolicy<Scalar> Policy(VectorIn params) const {
    return PolicyAt<Scalar>(shape_, params);
  }

  UpdateContext Context(std::size_t k) const {
    return {.address = batches_[k].address, .step_scale = batches_[k].step_scale};
  }

  // The parameters before each update and after the last.
  std::vector<Vector> Path(VectorIn theta) const {
    std::vector<Vector> path = {theta};
    for (std::size_t k = 0; k < kUpdates; ++k) {
      const auto policy = Policy<double>(path.back());
      const auto& samples = batches_[k].samples;
      Vector memory;
      path.emplace_back(path.back() + GradientStep(GetParam().objective.ratios
                                                       ? RatioGradient(policy, samples)
                                                       : PolicyGradient(policy, samples),
                                                   options_, Context(k), 0, memory));
    }
    return path;
  }

  // Of the policies at the two parameters, over the samples of batch k.
  double Kl(std::size_t k, VectorIn from, VectorIn to) const {
    double sum = 0;
    for (const Samples& task : batches_[k].samples) {
      sum += Policy<double>(from).MeanKl(Policy<double>(to), task.observations);
    }
    return sum / static_cast<double>(batches_[k].samples.size());
  }

  // The objective, sample by sample.
  FrozenValue Value(VectorIn theta) const {
    const std::vector<Vector> path = Path(theta), origin = Path(theta_);
    const double low = 1 - GetParam().objective.clip, high = 1 + GetParam().objective.clip;
    FrozenValue value{.kl = Kl(kUpdates, origin.back(), path.back())};
    for (const Samples& task : batches_.back().samples) {
      const Vector log_probs =
          Policy<double>(path.back()).LogProbs(task.observations, task.actions);
      const auto n = static_cast<double>(log_probs.size());
      for (Eigen::Index i = 0; i < log_probs.size(); ++i) {
        const double ratio = std::exp(log_probs[i] - task.log_probs[i]), a = task.advantages[i];
        value.objective += std::min(ratio * a, std::clamp(ratio, low, high) * a) / n / 2;
      }
    }
    for (std::size_t k = 0; k < kUpdates; ++k) {
      value.objective -= GetParam().objective.kl_penalty * Kl(k, origin[k], path[k]) / kUpdates;
    }
    return value;
  }

  Rng rng_;
  PolicyShape shape_;
  GradientStepOptions options_{.step_size = 0.4,
                               .step_decay = 0.7,
                               .max_gradient_norm = GetParam().max_gradient_norm,
                               .max_step_norm = GetParam().max_step_norm};
  std::unique_ptr<InnerLearner> learner_ =
      MakeLearner("vpg", "step_size = 0.4\nstep_decay = 0.7\nmax_gradient_norm = " +
                             std::to_string(GetParam().max_gradient_norm) +
                             "\nmax_step_norm = " + std::to_string(GetParam().max_step_norm));
  FrozenControl frozen_{*learner_, GetParam().objective, 1};
  Vector theta_, moved_;
  std::vector<FrozenBatch> batches_;
};

TEST_P(FrozenControlTest, ValuesAreThoseOfTheFormulas) {
  const FrozenValue value = frozen_.At(moved_), expected = Value(moved_);
  EXPECT_NEAR(value.objective, expected.objective, 1e-5);
  EXPECT_NEAR(value.kl, expected.kl, 1e-4 * expected.kl);
  EXPECT_GT(expected.kl, 0.001);
  EXPECT_NEAR(frozen_.At(theta_).kl, 0, 1e-9);
}

TEST_P(FrozenControlTest, GradientsAwayFromThetaAgreeWithFiniteDifferences) {
  const Vector expected =
      FiniteDifferences([&](VectorIn theta) { return Value(theta).objective; }, moved_);
  EXPECT_LT(RelativeError(frozen_.Gradient(moved_), expected), 1e-4);
}

// H v is a derivative of w . phi, with w what F makes of the tangent of phi.
TEST_P(FrozenControlTest, ProductsWithTheCurvatureOfTheKlAreExact) {
  const Vector v = Random().normalized();
  const auto adapted = [&](VectorIn theta) { return Path(theta).back(); };
  constexpr double kStep = 1e-5;
  const Vector tangent = (adapted(theta_ + kStep * v) - adapted(theta_ - kStep * v)) / (2 * kStep);
  Vector w = Vector::Zero(shape_.size());
  for (const Samples& task : batches_.back().samples) {
    w += Policy<double>(adapted(theta_)).FisherProduct(task.observations, tangent) / 2;
  }
  const Vector expected =
      FiniteDifferences([&](VectorIn theta) { return adapted(theta).dot(w); }, theta_);
  const Vector product = frozen_.KlHessianProduct(v);
  EXPECT_LT(RelativeError(product, expected), 1e-4);
  const auto kl = [&](double h) { return Value(theta_ + h * v).kl; };
  EXPECT_NEAR((kl(1e-3) + kl(-1e-3)) / 1e-6, v.dot(product), 1e-2 * v.dot(product));
}

INSTANTIATE_TEST_SUITE_P(Updates, FrozenControlTest,
                         testing::Values(Case{"Maml", kMaml}, Case{"Promp", kPromp},
                                         Case{"MamlLearnedLogStd", kMaml, true},
                                         Case{"PrompLearnedLogStd", kPromp, true},
                                         Case{"MamlClipped", kMaml, true, 0.2, 0.05},
                                         Case{"PrompClipped", kPromp, false, 0.2, 0.05}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace anole
