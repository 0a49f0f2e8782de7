// Meta gradients on quadratic tasks, where the answers are known: fixed points in closed form, and
// the Taylor expansion of section 5 of Nichol, Achiam, Schulman 2018.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <array>
#include <cmath>
#include <functional>

#include "meta/trainer.h"

namespace anole {
namespace {

using Matrix2 = Eigen::Matrix2d;
using Vector2 = Eigen::Vector2d;

constexpr int kMinibatches = 3;

// Loss 1/2 (x - optimum)' curvature (x - optimum).
struct Quadratic {
  Matrix2 curvature;
  Vector2 optimum;

  Vector2 Gradient(const Vector2& x) const { return curvature * (x - optimum); }
};

const std::array<Quadratic, kMinibatches>& Quadratics() {
  static const std::array<Quadratic, kMinibatches> kQuadratics = {
      Quadratic{(Matrix2() << 2, 0.5, 0.5, 1).finished(), {1, -1}},
      Quadratic{(Matrix2() << 1, -0.3, -0.3, 0.5).finished(), {-2, 0.5}},
      Quadratic{(Matrix2() << 0.4, 0.1, 0.1, 3).finished(), {0.3, 2}}};
  return kQuadratics;
}

// Gradient descent on quadratics. Row k of a task names the one that update k sees; the last row
// that of the batch after the updates.
class QuadraticLoop : public InnerLoop {
 public:
  using Sampler = std::function<Vector(std::int64_t index)>;

  QuadraticLoop(std::int64_t updates, double step_size, Sampler sampler)
      : step_size_(step_size),
        sampler_(std::move(sampler)),
        spec_{.layout = {{{"x", {2}}}, {}},
              .score = "loss",
              .higher_is_better = false,
              .training = {.updates = updates}} {}

  const InnerLoopSpec& spec() const override { return spec_; }
  Learnable Initial(std::uint64_t /*seed*/) const override { return {.theta = Vector2(3, 2)}; }

  Matrix SampleTasks(std::uint64_t /*seed*/, Phase /*phase*/, const Slice& slice) const override {
    Matrix tasks(spec_.training.updates + 1, slice.count);
    for (Eigen::Index i = 0; i < slice.count; ++i) tasks.col(i) = sampler_(i);
    return tasks;
  }

  Adaptation Adapt(const Learnable& state, MatrixIn tasks, const Address& /*address*/,
                   const Plan& plan) const override {
    Vector2 x = state.theta;
    const auto gradient = [&](std::int64_t k) {
      Vector2 sum = Vector2::Zero();
      for (const double task : tasks.row(k)) {
        sum += Quadratics()[static_cast<std::size_t>(task)].Gradient(x);
      }
      return Vector2(sum / static_cast<double>(tasks.cols()));
    };
    Matrix2 jacobian = Matrix2::Identity();  // of x in theta
    for (std::int64_t k = 0; k < plan.updates; ++k) {
      x -= step_size_ * gradient(k);
      Matrix2 curvature = Matrix2::Zero();
      for (const double task : tasks.row(k)) {
        curvature += Quadratics()[static_cast<std::size_t>(task)].curvature;
      }
      jacobian -= step_size_ / static_cast<double>(tasks.cols()) * curvature * jacobian;
    }
    Adaptation adaptation{.params = x};
    if (plan.derivative >= Derivative::kAtPhi) adaptation.gradient = -gradient(plan.updates);
    if (plan.derivative >= Derivative::kAtTheta)
      adaptation.gradient = jacobian.transpose() * adaptation.gradient;
    return adaptation;
  }

  Vector NextContext(const Learnable& state, std::span<const Adaptation>) const override {
    return state.context;
  }

 private:
  double step_size_;
  Sampler sampler_;
  InnerLoopSpec spec_;
};

Vector2 Train(const QuadraticLoop& loop, const std::string& gradient, const std::string& optimizer,
              const TrainerOptions& options) {
  const auto meta_gradient = MetaGradients::NewMaker(gradient)->Make();
  const auto outer = OuterOptimizers::NewMaker(optimizer)->Make(options.step_schedule());
  const Trainer trainer(options, 1, loop, *meta_gradient, *outer);
  MetaState state = loop.Initial(1);
  while (state.iteration < options.iterations) trainer.Step(state);
  return state.theta;
}

// The root of sum_i weight(curvature_i) (theta - optimum_i).
Vector2 FixedPoint(const std::function<Matrix2(const Matrix2&)>& weight) {
  Matrix2 left = Matrix2::Zero();
  Vector2 right = Vector2::Zero();
  for (const Quadratic& quadratic : Quadratics()) {
    left += weight(quadratic.curvature);
    right += weight(quadratic.curvature) * quadratic.optimum;
  }
  return left.inverse() * right;
}

constexpr double kStep = 0.1;
constexpr int kUpdates = 4;

// The part of its distance to the optimum that a task keeps in kUpdates updates.
Matrix2 Kept(const Matrix2& curvature) {
  Matrix2 kept = Matrix2::Identity();
  for (int k = 0; k < kUpdates; ++k) kept *= Matrix2::Identity() - kStep * curvature;
  return kept;
}

// Each task is one quadratic, all of them in every meta-batch.
QuadraticLoop Tasks() {
  return {kUpdates, kStep, [](std::int64_t index) {
            return Vector(Vector::Constant(kUpdates + 1, static_cast<double>(index)));
          }};
}

TEST(Quadratics, ReptileEndsWhereTheAdaptedParametersAverageToTheta) {
  const Vector2 expected =
      FixedPoint([](const Matrix2& a) { return Matrix2(Matrix2::Identity() - Kept(a)); });
  for (const std::string optimizer : {"sgd", "momentum"}) {
    const Vector2 theta = Train(Tasks(), "reptile", optimizer,
                                {.iterations = 2000, .batch_size = kMinibatches, .step_size = .2});
    EXPECT_LT((theta - expected).norm(), 1e-8) << optimizer;
  }
}

TEST(Quadratics, FomamlEndsWhereGradientsAfterAdaptationCancel) {
  const Vector2 expected = FixedPoint([](const Matrix2& a) { return Matrix2(a * Kept(a)); });
  for (const std::string optimizer : {"sgd", "momentum"}) {
    const Vector2 theta = Train(Tasks(), "fomaml", optimizer,
                                {.iterations = 4000, .batch_size = kMinibatches, .step_size = .1});
    EXPECT_LT((theta - expected).norm(), 1e-8) << optimizer;
  }
}

TEST(Quadratics, MamlEndsAtTheBestMeanLossAfterAdaptation) {
  const Vector2 expected =
      FixedPoint([](const Matrix2& a) { return Matrix2(Kept(a).transpose() * a * Kept(a)); });
  for (const std::string optimizer : {"sgd", "momentum"}) {
    const Vector2 theta = Train(Tasks(), "maml", optimizer,
                                {.iterations = 8000, .batch_size = kMinibatches, .step_size = .1});
    EXPECT_LT((theta - expected).norm(), 1e-8) << optimizer;
  }
}

TEST(Quadratics, JointTrainingEndsAtTheMinimumOfTheMeanLoss) {
  const Vector2 expected = FixedPoint([](const Matrix2& a) { return a; });
  const Vector2 theta =
      Train(Tasks(), "reptile", "sgd",
            {.iterations = 1000, .batch_size = kMinibatches, .mixture = true, .step_size = 1});
  EXPECT_LT((theta - expected).norm(), 1e-8);
}

// The mean over all sequences of minibatches of the first outer step, of size 1.
Vector2 ExpectedDirection(const std::string& gradient, int updates, double step_size) {
  const QuadraticLoop loop(updates, step_size, [&](std::int64_t index) {
    Vector task(updates + 1);
    for (double& minibatch : task) {
      minibatch = static_cast<double>(index % kMinibatches);
      index /= kMinibatches;
    }
    return task;
  });
  const auto sequences =
      static_cast<std::int64_t>(std::lround(std::pow(kMinibatches, updates + 1)));
  return Train(loop, gradient, "sgd", {.iterations = 1, .batch_size = sequences, .step_size = 1}) -
         Vector2(loop.Initial(1).theta);
}

// The terms of the expansion at theta: E[g] and E[H_j g_i], minibatches i and j independent.
struct Expansion {
  Vector2 mean_gradient = Vector2::Zero(), inner = Vector2::Zero();

  Expansion() {
    const Vector2 theta(3, 2);
    Matrix2 mean_curvature = Matrix2::Zero();
    for (const Quadratic& quadratic : Quadratics()) {
      mean_gradient += quadratic.Gradient(theta) / kMinibatches;
      mean_curvature += quadratic.curvature / kMinibatches;
    }
    inner = mean_curvature * mean_gradient;
  }
};

// How the error of `expansion` of the direction shrinks when the inner step is halved.
double ErrorRatio(const std::function<Vector2(double step_size)>& error) {
  return error(0.02).norm() / error(0.01).norm();
}

TEST(Quadratics, ReptileFollowsItsTaylorExpansionToSecondOrder) {
  const Expansion terms;
  for (const int updates : {1, 2, 3, 4}) {
    const double k = updates;
    const auto error = [&](double step) {
      // -E[g_Reptile] = -k AvgGrad + 1/2 k (k - 1) alpha AvgGradInner + O(alpha^2)
      return Vector2(ExpectedDirection("reptile", updates, step) / step + k * terms.mean_gradient -
                     k * (k - 1) / 2 * step * terms.inner);
    };
    if (updates < 3) {  // exact: higher terms take three updates
      EXPECT_LT(error(0.02).norm(), 1e-12) << updates;
    } else {
      EXPECT_NEAR(ErrorRatio(error), 4, 0.2) << updates;
    }
  }
}

// Second-order terms of MAML and FOMAML differ by a factor of 2.
TEST(Quadratics, MamlAndFomamlFollowTheirTaylorExpansionsToSecondOrder) {
  const Expansion terms;
  for (const auto& [name, factor] : {std::pair("fomaml", 1), std::pair("maml", 2)}) {
    for (const int updates : {1, 2, 3}) {
      const auto error = [&](double step) {
        // -E[g_MAML] = -AvgGrad + 2 (k - 1) alpha AvgGradInner + O(alpha^2), k - 1 updates
        return Vector2(ExpectedDirection(name, updates, step) + terms.mean_gradient -
                       factor * updates * step * terms.inner);
      };
      if (updates == 1 && factor == 1) {  // exact: higher terms take two updates
        EXPECT_LT(error(0.02).norm(), 1e-12);
      } else {
        EXPECT_NEAR(ErrorRatio(error), 4, 0.2) << name << ", " << updates;
      }
    }
  }
}

}  // namespace
}  // namespace anole
