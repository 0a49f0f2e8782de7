#include "agents/network/mlp.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/agents/finite_differences.h"

namespace anole {
namespace {

TEST(MlpShape, LaysOutLayersOneAfterAnother) {
  const MlpShape shape(3, {5, 4}, 2);
  EXPECT_EQ(shape.size(), (3 + 1) * 5 + (5 + 1) * 4 + (4 + 1) * 2);
  EXPECT_EQ(TotalSize(shape.Blocks("p")), shape.size());
  EXPECT_EQ(shape.Blocks("p")[2].name, "p/layer1/weight");
  EXPECT_EQ(shape.Blocks("p")[2].shape, (std::vector<std::int64_t>{5, 4}));
}

// y = x @ W + b with row-major (inputs, outputs): what meta/README.md tells other programs.
TEST(Mlp, ReadsParametersAsDocumented) {
  const MlpShape shape(2, {2}, 1);
  Vector params(9);
  params << 0.1, 0.2, 0.3, 0.4, /*bias*/ 0.5, 0.6, /*layer 1*/ 0.7, 0.8, 0.9;
  const Mlp<double> network(shape, params);
  auto pass = network.MakePass(1);
  pass.activations[0] << 1, -2;
  network.Forward(pass);
  const double h0 = std::tanh(1 * 0.1 - 2 * 0.3 + 0.5), h1 = std::tanh(1 * 0.2 - 2 * 0.4 + 0.6);
  EXPECT_NEAR(pass.activations.back()(0, 0), h0 * 0.7 + h1 * 0.8 + 0.9, 1e-15);
}

TEST(Mlp, GradientAgreesWithFiniteDifferences) {
  const MlpShape shape(3, {7, 5}, 2);
  Rng rng = Address{.seed = 4}.Open(Purpose::kInit);
  const Vector params = shape.InitialParams(rng, 1);
  const Matrix inputs = Matrix::NullaryExpr(3, 11, [&] { return rng.Normal(); });
  const Matrix weights = Matrix::NullaryExpr(2, 11, [&] { return rng.Normal(); });
  const auto value = [&](VectorIn p) {
    const Mlp<double> network(shape, p);
    auto pass = network.MakePass(11);
    pass.activations[0] = inputs;
    network.Forward(pass);
    return pass.activations.back().cwiseProduct(weights).sum();
  };
  const Mlp<double> network(shape, params);
  auto pass = network.MakePass(11);
  pass.activations[0] = inputs;
  network.Forward(pass);
  Matrix output_gradient = weights;
  Vector gradient = Vector::Zero(shape.size());
  network.Backward(pass, output_gradient, gradient);
  EXPECT_LT(RelativeError(gradient, FiniteDifferences(value, params)), 1e-7);
}

// The derivative of f(params + h direction) in h, by central differences.
Matrix Along(const std::function<Matrix(VectorIn)>& f, VectorIn params, VectorIn direction) {
  constexpr double kStep = 1e-5;
  return (f(params + kStep * direction) - f(params - kStep * direction)) / (2 * kStep);
}

// Of the output, and of the gradient of sum(weights .* output^2 / 2).
TEST(Mlp, TangentsAgreeWithFiniteDifferences) {
  const MlpShape shape(3, {7, 5}, 2);
  Rng rng = Address{.seed = 5}.Open(Purpose::kInit);
  const auto random = [&](int rows, int columns) -> Matrix {
    return Matrix::NullaryExpr(rows, columns, [&] { return rng.Normal(); });
  };
  const Vector params = random(int(shape.size()), 1), direction = random(int(shape.size()), 1);
  const Matrix inputs = random(3, 11), weights = random(2, 11);
  const auto forward = [&](VectorIn p) {
    const Mlp<double> network(shape, p);
    auto pass = network.MakePass(11);
    pass.activations[0] = inputs;
    network.Forward(pass);
    return pass;
  };
  const auto gradient = [&](VectorIn p) -> Matrix {
    const auto pass = forward(p);
    Matrix output_gradient = weights.cwiseProduct(pass.activations.back());
    Vector sum = Vector::Zero(shape.size());
    Mlp<double>(shape, p).Backward(pass, output_gradient, sum);
    return sum;
  };
  const Mlp<double> network(shape, params), along(shape, direction);
  const auto pass = forward(params);
  auto tangent = network.MakePass(11);
  network.Tangent(pass, along, tangent);
  EXPECT_LT((tangent.activations.back() -
             Along([&](VectorIn p) { return forward(p).activations.back(); }, params, direction))
                .norm(),
            1e-8 * tangent.activations.back().norm());
  Matrix output_gradient = weights.cwiseProduct(pass.activations.back());
  Matrix output_tangent = weights.cwiseProduct(tangent.activations.back());
  Vector product = Vector::Zero(shape.size());
  network.BackwardTangent(pass, along, tangent, output_gradient, output_tangent, product);
  EXPECT_LT(RelativeError(product, Along(gradient, params, direction)), 1e-8);
}

TEST(Mlp, WorksOnBatchesOfOneAndOfMany) {
  const MlpShape shape(17, {64, 64}, 6);
  Rng rng = Address{.seed = 4}.Open(Purpose::kInit);
  const Vector params = shape.InitialParams(rng, 1);
  const Mlp<float> network(shape, params);
  const Mlp<double> exact(shape, params);
  auto many = network.MakePass(33);
  many.activations[0] = Eigen::MatrixXf::NullaryExpr(17, 33, [&] { return float(rng.Normal()); });
  network.Forward(many);
  auto one = network.MakePass(1);
  auto reference = exact.MakePass(1);
  for (int i = 0; i < 33; ++i) {
    one.activations[0] = many.activations[0].col(i);
    reference.activations[0] = many.activations[0].col(i).cast<double>();
    network.Forward(one);
    exact.Forward(reference);
    const Vector expected = reference.activations.back();
    EXPECT_LT((one.activations.back().cast<double>() - expected).norm(), 1e-5);
    EXPECT_LT((many.activations.back().col(i).cast<double>() - expected).norm(), 1e-5);
  }
}

}  // namespace
}  // namespace anole
