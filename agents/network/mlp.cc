#include "agents/network/mlp.h"

#include <cmath>

namespace anole {

MlpShape::MlpShape(std::int64_t inputs, const std::vector<std::int64_t>& hidden,
                   std::int64_t outputs) {
  std::int64_t offset = 0;
  const auto add = [&](std::int64_t size) {
    layers.push_back({.inputs = inputs, .outputs = size, .offset = offset});
    offset += layers.back().size();
    inputs = size;
  };
  for (const std::int64_t size : hidden) add(size);
  add(outputs);
}

std::vector<Block> MlpShape::Blocks(const std::string& prefix) const {
  std::vector<Block> blocks;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::string name = prefix + "/layer" + std::to_string(l);
    blocks.push_back({name + "/weight", {layers[l].inputs, layers[l].outputs}});
    blocks.push_back({name + "/bias", {layers[l].outputs}});
  }
  return blocks;
}

Vector MlpShape::InitialParams(Rng& rng, double last_scale) const {
  Vector params = Vector::Zero(size());
  for (const LayerShape& layer : layers) {
    const double scale =
        (&layer == &layers.back() ? last_scale : 1) / std::sqrt(static_cast<double>(layer.inputs));
    for (std::int64_t i = 0; i < layer.inputs * layer.outputs; ++i) {
      params[layer.offset + i] = scale * rng.Normal();
    }
  }
  return params;
}

template <class Scalar>
Mlp<Scalar>::Mlp(const MlpShape& shape, VectorIn params) : shape_(shape) {
  for (const LayerShape& layer : shape.layers) {
    const double* weight = params.data() + layer.offset;
    layers_.push_back(
        {Eigen::Map<const Matrix>(weight, layer.outputs, layer.inputs).template cast<Scalar>(),
         params.segment(layer.offset + layer.inputs * layer.outputs, layer.outputs)
             .template cast<Scalar>()});
  }
}

template <class Scalar>
typename Mlp<Scalar>::Pass Mlp<Scalar>::MakePass(std::int64_t batch) const {
  Pass pass;
  for (const LayerShape& layer : shape_.layers) pass.activations.emplace_back(layer.inputs, batch);
  pass.activations.emplace_back(shape_.outputs(), batch);
  return pass;
}

template <class Scalar>
void Mlp<Scalar>::Forward(Pass& pass) const {
  const std::int64_t batch = pass.activations[0].cols();
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Array& output = pass.activations[l + 1];
    output.resize(layers_[l].bias.size(), batch);
    if (batch == 1) {  // a matrix-vector product is faster than a product of matrices
      output.col(0).noalias() = layers_[l].weight * pass.activations[l].col(0);
    } else {
      output.noalias() = layers_[l].weight * pass.activations[l];
    }
    if (l + 1 < layers_.size()) {
      output = (output.colwise() + layers_[l].bias).array().tanh();
    } else {
      output.colwise() += layers_[l].bias;
    }
  }
}

template <class Scalar>
void Mlp<Scalar>::Backward(Pass& pass, Array& output_gradient, VectorOut gradient) const {
  Array& delta = output_gradient;
  Array weight_gradient;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const LayerShape& shape = shape_.layers[l];
    Array& input = pass.activations[l];
    weight_gradient.noalias() = delta * input.transpose();
    const ScalarVector bias_gradient = delta.rowwise().sum();
    Eigen::Map<Matrix>(gradient.data() + shape.offset, shape.outputs, shape.inputs) +=
        weight_gradient.template cast<double>();
    gradient.segment(shape.offset + shape.inputs * shape.outputs, shape.outputs) +=
        bias_gradient.template cast<double>();
    if (l == 0) break;
    // input = tanh(z), so d input / dz = 1 - input^2.
    Array previous = layers_[l].weight.transpose() * delta;
    previous.array() *= 1 - input.array().square();
    delta.swap(previous);
  }
}

template class Mlp<float>;
template class Mlp<double>;

}  // namespace anole
