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
  // softmax(x) = softmax(x - max x), which does not overflow.
  Matrix logits = pass.activations.back();
  logits.rowwise() -= logits.colwise().maxCoeff().eval();
  const Eigen::RowVectorXd log_sums = logits.array().exp().matrix().colwise().sum().array().log();
  logits.rowwise() -= log_sums;
  const double loss = -logits.cwiseProduct(batch.targets).sum() / points;
  if (gradient != nullptr) {
    Matrix error = (logits.array().exp().matrix() - batch.targets) / points;
    *gradient = Vector::Zero(shape.size());
    model.Backward(pass, error, *gradient);
  }
  return loss;
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
