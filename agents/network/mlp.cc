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
    // Column by column: of an expression with the bias repeated, Eigen takes tanh one by one.
    for (Eigen::Index i = 0; i < batch; ++i) {
      auto column = output.col(i);
      column += layers_[l].bias;
      if (l + 1 < layers_.size()) column.array() = column.array().tanh();
    }
  }
}

template <class Scalar>
void Mlp<Scalar>::Backward(const Pass& pass, Array& output_gradient, VectorOut gradient,
                           Array* input_gradient) const {
  Array& delta = output_gradient;
  Array weight_gradient;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Array& input = pass.activations[l];
    weight_gradient.noalias() = delta * input.transpose();
    AddLayer(l, weight_gradient, delta.rowwise().sum(), gradient);
    if (l == 0) {
      if (input_gradient != nullptr) *input_gradient = layers_[0].weight.transpose() * delta;
      break;
    }
    // input = tanh(z), so d input / dz = 1 - input^2.
    Array previous = layers_[l].weight.transpose() * delta;
    previous.array() *= 1 - input.array().square();
    delta.swap(previous);
  }
}

template <class Scalar>
void Mlp<Scalar>::Tangent(const Pass& pass, const Mlp& direction, Pass& tangent,
                          bool inputs_move) const {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Array& output = tangent.activations[l + 1];
    output.noalias() = direction.layers_[l].weight * pass.activations[l];
    if (l > 0 || inputs_move) output.noalias() += layers_[l].weight * tangent.activations[l];
    output.colwise() += direction.layers_[l].bias;
    if (l + 1 < layers_.size()) output.array() *= 1 - pass.activations[l + 1].array().square();
  }
}

template <class Scalar>
void Mlp<Scalar>::BackwardTangent(const Pass& pass, const Mlp& direction, const Pass& tangent,
                                  Array& output_gradient, Array& output_tangent,
                                  VectorOut product) const {
  Array& delta = output_gradient;
  Array& delta_tangent = output_tangent;
  Array weight_product;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Array& input = pass.activations[l];
    const Array& input_tangent = tangent.activations[l];
    weight_product.noalias() = delta_tangent * input.transpose();
    if (l > 0) weight_product.noalias() += delta * input_tangent.transpose();
    AddLayer(l, weight_product, delta_tangent.rowwise().sum(), product);
    if (l == 0) break;
    // Backward multiplies by W^T and by 1 - input^2; here the product rule on both.
    Array previous = layers_[l].weight.transpose() * delta;
    Array previous_tangent = layers_[l].weight.transpose() * delta_tangent;
    previous_tangent.noalias() += direction.layers_[l].weight.transpose() * delta;
    const auto slope = 1 - input.array().square();
    previous_tangent.array() = previous_tangent.array() * slope -
                               2 * previous.array() * input.array() * input_tangent.array();
    previous.array() *= slope;
    delta.swap(previous);
    delta_tangent.swap(previous_tangent);
  }
}

template <class Scalar>
void Mlp<Scalar>::AddLayer(std::size_t layer, const Array& weight_gradient,
                           const ScalarVector& bias_gradient, VectorOut gradient) const {
  const LayerShape& shape = shape_.layers[layer];
  Eigen::Map<Matrix>(gradient.data() + shape.offset, shape.outputs, shape.inputs) +=
      weight_gradient.template cast<double>();
  gradient.segment(shape.offset + shape.inputs * shape.outputs, shape.outputs) +=
      bias_gradient.template cast<double>();
}

template class Mlp<float>;
template class Mlp<double>;

}  // namespace anole
