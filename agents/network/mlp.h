// Multi-layer perceptron with tanh hidden layers and a linear output, its gradient and its tangent:
// reverse mode, forward mode, and forward over reverse for products with second derivatives
// (Pearlmutter 1994, "Fast exact multiplication by the Hessian").
//
// Parameters lie in a flat vector, layer after layer: weights, then bias. Weights are stored so
// that their row-major shape is (inputs, outputs): another program computes y = x @ W + b.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "envs/linear_algebra.h"

namespace anole {

// Where a layer's parameters are.
struct LayerShape {
  std::int64_t inputs = 0, outputs = 0;
  std::int64_t offset = 0;  // of the weights in the flat vector; the bias follows them

  std::int64_t size() const { return (inputs + 1) * outputs; }
};

struct MlpShape {
  std::vector<LayerShape> layers;

  MlpShape() = default;
  MlpShape(std::int64_t inputs, const std::vector<std::int64_t>& hidden, std::int64_t outputs);

  std::int64_t inputs() const { return layers.front().inputs; }
  std::int64_t outputs() const { return layers.back().outputs; }
  std::int64_t size() const { return layers.back().offset + layers.back().size(); }

  // The named blocks of the flat vector: PREFIX/layer0/weight, PREFIX/layer0/bias, ...
  std::vector<Block> Blocks(const std::string& prefix) const;

  // Weights N(0, 1/inputs), the last layer's times `last_scale`; biases 0.
  Vector InitialParams(Rng& rng, double last_scale) const;
};

// The network with given parameters, computing in Scalar (float for work, double for proofs).
// Const: the memory of a pass is the caller's.
template <class Scalar>
class Mlp {
 public:
  using Array = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

  // What a forward pass leaves behind: activations[l] is the input of layer l, (its inputs x
  // batch); the last one is the output. Reused from call to call, it allocates only when a batch
  // grows.
  struct Pass {
    std::vector<Array> activations;
  };

  Mlp(const MlpShape& shape, VectorIn params);

  Pass MakePass(std::int64_t batch) const;

  // Computes activations 1.. from pass.activations[0] (inputs x batch).
  void Forward(Pass& pass) const;

  // Adds to `gradient`, flat as the parameters, the derivative of sum(output_gradient .* output)
  // in the parameters. output_gradient: (outputs x batch), overwritten. input_gradient: where it is
  // asked for, the derivative in the inputs (inputs x batch).
  void Backward(const Pass& pass, Array& output_gradient, VectorOut gradient,
                Array* input_gradient = nullptr) const;

  // How the activations of a forward pass change as the parameters move along those of
  // `direction`, a network of the same shape, and the inputs, if they move, along
  // tangent.activations[0]. tangent.activations[1..] are written.
  void Tangent(const Pass& pass, const Mlp& direction, Pass& tangent,
               bool inputs_move = false) const;

  // Adds to `product` how the result of Backward changes with the parameters and with
  // output_gradient, which itself moves by output_tangent (both outputs x batch, overwritten).
  // direction, tangent: as Tangent took and left them. Of inputs that stay.
  void BackwardTangent(const Pass& pass, const Mlp& direction, const Pass& tangent,
                       Array& output_gradient, Array& output_tangent, VectorOut product) const;

 private:
  using ScalarVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  struct Layer {
    Array weight;  // (outputs x inputs)
    ScalarVector bias;
  };

  // Adds the gradient of a layer to its place in the flat vector.
  void AddLayer(std::size_t layer, const Array& weight_gradient, const ScalarVector& bias_gradient,
                VectorOut gradient) const;

  MlpShape shape_;
  std::vector<Layer> layers_;
};

extern template class Mlp<float>;
extern template class Mlp<double>;

}  // namespace anole
