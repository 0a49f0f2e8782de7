// Gated recurrent unit (Cho et al. 2014, section 2.3), in the form that runs one product with the
// state for all three gates (as cuDNN, PyTorch and ONNX with linear_before_reset = 1 have it):
//
//   r = sigma(W_r x + b_r + U_r h + c_r)         how much of the state makes the candidate
//   z = sigma(W_z x + b_z + U_z h + c_z)         how much of the state stays
//   n = tanh(W_n x + b_n + r * (U_n h + c_n))    candidate
//   h' = (1 - z) * n + z * h
//
// with its gradient through time and its tangent. Sequences begin with h = 0.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "agents/network/mlp.h"
#include "envs/linear_algebra.h"

namespace anole {

// Where the parameters are: of the inputs (W, b) and of the state (U, c), the outputs of each in
// the order r, z, n.
struct GruShape {
  std::int64_t units = 0;  // 0: there is none
  LayerShape input, state;

  GruShape() = default;
  // offset: of the first parameter in the flat vector.
  GruShape(std::int64_t inputs, std::int64_t gru_units, std::int64_t offset);

  std::int64_t size() const { return units == 0 ? 0 : input.size() + state.size(); }

  // PREFIX/input/weight, PREFIX/input/bias, PREFIX/state/weight, PREFIX/state/bias.
  std::vector<Block> Blocks(const std::string& prefix) const;

  // (size): weights N(0, 1 / columns), biases 0.
  Vector InitialParams(Rng& rng) const;
};

// With given parameters, computing in Scalar (float for work, double for proofs). Const: the memory
// of a pass is the caller's.
template <class Scalar>
class Gru {
 public:
  using Array = typename Mlp<Scalar>::Array;
  using ScalarVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

  // What acting needs, so that it allocates nothing.
  struct State {
    ScalarVector h;               // (units)
    ScalarVector input, product;  // (3 units), overwritten in a step: W x + b and U h + c
  };

  // What a forward pass over sequences leaves behind. Columns are sorted by time, within a time by
  // falling length of their sequence, so that those that go on are always the first ones.
  struct Pass {
    std::vector<Eigen::Index> place;  // [step in the order given]: its column below
    std::vector<Eigen::Index> begin;  // [time]: the first column of that time; then their number
    Array inputs;                     // (inputs x steps)
    Array gates;                      // (3 units x steps): r, z, n
    Array candidate;                  // (units x steps): U_n h + c_n
    Array before, after;              // (units x steps): h and h'
  };

  Gru() = default;                              // of no units
  Gru(const GruShape& shape, VectorIn params);  // params: the whole flat vector

  State MakeState() const;  // h = 0

  // state.h becomes h'. x: (inputs x 1)
  void Step(const Array& x, State& state) const;

  // inputs: (inputs x steps), the sequences of these lengths side by side. states: (units x steps),
  // the h' of each, in the same order.
  void Forward(const Array& inputs, std::span<const std::int64_t> lengths, Pass& pass,
               Array& states) const;

  // Adds to `gradient`, flat as the parameters, the derivative of sum(state_gradient .* states).
  void Backward(const Pass& pass, const Array& state_gradient, VectorOut gradient) const;

  // (units x steps): how the states of a forward pass change as the parameters move along those of
  // `direction`, a unit of the same shape.
  Array Tangent(const Pass& pass, const Gru& direction) const;

 private:
  Eigen::Index units() const { return state_weight_.cols(); }

  GruShape shape_;
  Array input_weight_, state_weight_;     // (3 units x inputs), (3 units x units)
  ScalarVector input_bias_, state_bias_;  // (3 units)
};

extern template class Gru<float>;
extern template class Gru<double>;

}  // namespace anole
