#include "agents/supervised/loss.h"

#include <cmath>

namespace anole {
namespace {

Mlp<double>::Pass Forward(const Mlp<double>& model, const Batch& batch) {
  auto pass = model.MakePass(batch.inputs.cols());
  pass.activations[0] = batch.inputs;
  model.Forward(pass);
  return pass;
}

// H v of a loss whose gradient in the outputs is error(outputs), and moves by
// error_tangent(outputs, output_tangent) as the outputs move by output_tangent: all of them
// (outputs x points).
template <class Error, class ErrorTangent>
Vector HessianProduct(const MlpShape& shape, VectorIn params, const Batch& batch, VectorIn v,
                      const Error& error, const ErrorTangent& error_tangent) {
  const Mlp<double> model(shape, params), direction(shape, v);
  const auto pass = Forward(model, batch);
  auto tangent = model.MakePass(batch.inputs.cols());
  model.Tangent(pass, direction, tangent);
  Matrix output_gradient = error(pass.activations.back());
  Matrix output_tangent = error_tangent(pass.activations.back(), tangent.activations.back());
  Vector product = Vector::Zero(shape.size());
  model.BackwardTangent(pass, direction, tangent, output_gradient, output_tangent, product);
  return product;
}

// (outputs x points): log softmax(x) = log softmax(x - max x), which does not overflow.
Matrix LogSoftmax(Matrix logits) {
  logits.rowwise() -= logits.colwise().maxCoeff().eval();
  const Eigen::RowVectorXd log_sums = logits.array().exp().matrix().colwise().sum().array().log();
  logits.rowwise() -= log_sums;
  return logits;
}

}  // namespace

double SquaredError(const MlpShape& shape, VectorIn params, const Batch& batch, Vector* gradient) {
  const Mlp<double> model(shape, params);
  auto pass = Forward(model, batch);
  const double points = static_cast<double>(batch.inputs.cols());
  Matrix error = pass.activations.back() - batch.targets;
  const double loss = error.squaredNorm() / points;
  if (gradient != nullptr) {
    error *= 2 / points;
    *gradient = Vector::Zero(shape.size());
    model.Backward(pass, error, *gradient);
  }
  return loss;
}

double CrossEntropy(const MlpShape& shape, VectorIn params, const Batch& batch, Vector* gradient) {
  const Mlp<double> model(shape, params);
  auto pass = Forward(model, batch);
  const double points = static_cast<double>(batch.inputs.cols());
  const Matrix log_shares = LogSoftmax(pass.activations.back());
  const double loss = -log_shares.cwiseProduct(batch.targets).sum() / points;
  if (gradient != nullptr) {
    Matrix error = (log_shares.array().exp().matrix() - batch.targets) / points;
    *gradient = Vector::Zero(shape.size());
    model.Backward(pass, error, *gradient);
  }
  return loss;
}

Vector SquaredErrorHessianProduct(const MlpShape& shape, VectorIn params, const Batch& batch,
                                  VectorIn v) {
  const double points = static_cast<double>(batch.inputs.cols());
  return HessianProduct(
      shape, params, batch, v,
      [&](const Matrix& outputs) -> Matrix { return (outputs - batch.targets) * (2 / points); },
      [&](const Matrix& /*outputs*/, const Matrix& output_tangent) -> Matrix {
        return output_tangent * (2 / points);
      });
}

// Softmax p moves by p .* (x' - p^T x') as its input moves by x'.
Vector CrossEntropyHessianProduct(const MlpShape& shape, VectorIn params, const Batch& batch,
                                  VectorIn v) {
  const double points = static_cast<double>(batch.inputs.cols());
  return HessianProduct(
      shape, params, batch, v,
      [&](const Matrix& outputs) -> Matrix {
        return (LogSoftmax(outputs).array().exp().matrix() - batch.targets) / points;
      },
      [&](const Matrix& outputs, const Matrix& output_tangent) -> Matrix {
        const Matrix shares = LogSoftmax(outputs).array().exp();
        const Eigen::RowVectorXd means = shares.cwiseProduct(output_tangent).colwise().sum();
        return shares.cwiseProduct(output_tangent.rowwise() - means) / points;
      });
}

double Accuracy(const MlpShape& shape, VectorIn params, const Batch& batch) {
  const Mlp<double> model(shape, params);
  const auto pass = Forward(model, batch);
  int right = 0;
  for (Eigen::Index i = 0; i < batch.inputs.cols(); ++i) {
    Eigen::Index predicted = 0;
    pass.activations.back().col(i).maxCoeff(&predicted);
    if (batch.targets(predicted, i) == 1) ++right;
  }
  return right / static_cast<double>(batch.inputs.cols());
}

}  // namespace anole
