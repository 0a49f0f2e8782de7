#include "agents/network/gru.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>

namespace anole {
namespace {

// 1 / (1 + exp(-x)), by the tanh that Eigen has for many numbers at a time.
template <class Derived>
auto Sigmoid(const Eigen::ArrayBase<Derived>& x) {
  using Scalar = typename Derived::Scalar;
  return (x * Scalar(0.5)).tanh() * Scalar(0.5) + Scalar(0.5);
}

}  // namespace

GruShape::GruShape(std::int64_t inputs, std::int64_t gru_units, std::int64_t offset)
    : units(gru_units),
      input{.inputs = inputs, .outputs = 3 * gru_units, .offset = offset},
      state{.inputs = gru_units, .outputs = 3 * gru_units, .offset = offset + input.size()} {}

std::vector<Block> GruShape::Blocks(const std::string& prefix) const {
  if (units == 0) return {};
  return {{prefix + "/input/weight", {input.inputs, input.outputs}},
          {prefix + "/input/bias", {input.outputs}},
          {prefix + "/state/weight", {state.inputs, state.outputs}},
          {prefix + "/state/bias", {state.outputs}}};
}

Vector GruShape::InitialParams(Rng& rng) const {
  Vector params = Vector::Zero(size());
  if (units == 0) return params;
  for (const LayerShape& layer : {input, state}) {
    const double scale = 1 / std::sqrt(static_cast<double>(layer.inputs));
    for (std::int64_t i = 0; i < layer.inputs * layer.outputs; ++i) {
      params[layer.offset - input.offset + i] = scale * rng.Normal();
    }
  }
  return params;
}

template <class Scalar>
Gru<Scalar>::Gru(const GruShape& shape, VectorIn params) : shape_(shape) {
  const auto weight = [&](const LayerShape& layer) -> Array {
    return Eigen::Map<const Matrix>(params.data() + layer.offset, layer.outputs, layer.inputs)
        .template cast<Scalar>();
  };
  const auto bias = [&](const LayerShape& layer) -> ScalarVector {
    return params.segment(layer.offset + layer.inputs * layer.outputs, layer.outputs)
        .template cast<Scalar>();
  };
  input_weight_ = weight(shape.input);
  input_bias_ = bias(shape.input);
  state_weight_ = weight(shape.state);
  state_bias_ = bias(shape.state);
}

template <class Scalar>
typename Gru<Scalar>::State Gru<Scalar>::MakeState() const {
  const Eigen::Index n = units();
  return {ScalarVector::Zero(n), ScalarVector(3 * n), ScalarVector(3 * n)};
}

template <class Scalar>
void Gru<Scalar>::Step(const Array& x, State& state) const {
  const Eigen::Index n = units();
  state.input.noalias() = input_weight_ * x.col(0);
  state.input += input_bias_;
  state.product.noalias() = state_weight_ * state.h;
  state.product += state_bias_;
  auto gates = state.input.array();
  gates.head(2 * n) = Sigmoid(gates.head(2 * n) + state.product.array().head(2 * n));
  gates.tail(n) = (gates.tail(n) + gates.head(n) * state.product.array().tail(n)).tanh();
  const auto z = gates.segment(n, n);
  state.h.array() = (1 - z) * gates.tail(n) + z * state.h.array();
}

template <class Scalar>
void Gru<Scalar>::Forward(const Array& inputs, std::span<const std::int64_t> lengths, Pass& pass,
                          Array& states) const {
  const Eigen::Index n = units(), steps = inputs.cols();
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return lengths[i]; });
  std::vector<Eigen::Index> first(lengths.size(), 0);  // step of each sequence
  std::exclusive_scan(lengths.begin(), lengths.end(), first.begin(), Eigen::Index{0});
  pass.place.resize(static_cast<std::size_t>(steps));
  pass.begin.assign(1, 0);
  std::size_t going = lengths.size();
  for (std::int64_t t = 0; pass.begin.back() < steps; ++t) {  // none where there is no step
    while (lengths[order[going - 1]] <= t) --going;
    for (std::size_t b = 0; b < going; ++b) {
      pass.place[static_cast<std::size_t>(first[order[b]] + t)] =
          pass.begin.back() + static_cast<Eigen::Index>(b);
    }
    pass.begin.push_back(pass.begin.back() + static_cast<Eigen::Index>(going));
  }

  pass.inputs.resize(inputs.rows(), steps);
  for (Eigen::Index i = 0; i < steps; ++i) {
    pass.inputs.col(pass.place[static_cast<std::size_t>(i)]) = inputs.col(i);
  }
  pass.gates.resize(3 * n, steps);
  pass.gates.noalias() = input_weight_ * pass.inputs;
  pass.candidate.resize(n, steps);
  pass.before.resize(n, steps);
  pass.after.resize(n, steps);
  Array product(3 * n, pass.begin.size() > 1 ? pass.begin[1] : 0);
  for (std::size_t t = 0; t + 1 < pass.begin.size(); ++t) {
    const Eigen::Index begin = pass.begin[t], count = pass.begin[t + 1] - begin;
    auto before = pass.before.middleCols(begin, count);
    if (t == 0) {
      before.setZero();
    } else {
      before = pass.after.middleCols(pass.begin[t - 1], count);
    }
    product.leftCols(count).noalias() = state_weight_ * before;
    for (Eigen::Index i = 0; i < count; ++i) {
      auto gates = pass.gates.col(begin + i).array();
      auto added = product.col(i).array();
      gates += input_bias_.array();
      added += state_bias_.array();
      gates.head(2 * n) = Sigmoid(gates.head(2 * n) + added.head(2 * n));
      gates.tail(n) = (gates.tail(n) + gates.head(n) * added.tail(n)).tanh();
      pass.candidate.col(begin + i).array() = added.tail(n);
      const auto z = gates.segment(n, n);
      pass.after.col(begin + i).array() = (1 - z) * gates.tail(n) + z * before.col(i).array();
    }
  }
  states.resize(n, steps);
  for (Eigen::Index i = 0; i < steps; ++i) {
    states.col(i) = pass.after.col(pass.place[static_cast<std::size_t>(i)]);
  }
}

template <class Scalar>
void Gru<Scalar>::Backward(const Pass& pass, const Array& state_gradient,
                           VectorOut gradient) const {
  const Eigen::Index n = units(), steps = state_gradient.cols();
  Array delta(n, steps);  // of h'
  for (Eigen::Index i = 0; i < steps; ++i) {
    delta.col(pass.place[static_cast<std::size_t>(i)]) = state_gradient.col(i);
  }
  // Of what the nonlinearities take: by W x + b, and by U h + c, which differ in n.
  Array by_input(3 * n, steps), by_state(3 * n, steps);
  for (std::size_t t = pass.begin.size() - 1; t-- > 0;) {
    const Eigen::Index begin = pass.begin[t], count = pass.begin[t + 1] - begin;
    for (Eigen::Index i = begin; i < begin + count; ++i) {
      const auto r = pass.gates.col(i).array().head(n), z = pass.gates.col(i).array().segment(n, n),
                 candidate = pass.gates.col(i).array().tail(n);
      auto by = by_input.col(i).array();
      const auto d = delta.col(i).array();
      by.tail(n) = d * (1 - z) * (1 - candidate.square());
      by.head(n) = by.tail(n) * pass.candidate.col(i).array() * r * (1 - r);
      by.segment(n, n) = d * (pass.before.col(i).array() - candidate) * z * (1 - z);
      by_state.col(i).head(2 * n) = by_input.col(i).head(2 * n);
      by_state.col(i).array().tail(n) = by.tail(n) * r;
    }
    if (t == 0) break;  // sequences begin with h = 0, whatever the parameters
    auto earlier = delta.middleCols(pass.begin[t - 1], count);
    earlier.noalias() += state_weight_.transpose() * by_state.middleCols(begin, count);
    earlier.array() += delta.middleCols(begin, count).array() *
                       pass.gates.middleRows(n, n).middleCols(begin, count).array();
  }
  const auto add = [&](const LayerShape& layer, const Array& by, const Array& of) {
    const Array weight = by * of.transpose();
    const ScalarVector bias = by.rowwise().sum();
    Eigen::Map<Matrix>(gradient.data() + layer.offset, layer.outputs, layer.inputs) +=
        weight.template cast<double>();
    gradient.segment(layer.offset + layer.inputs * layer.outputs, layer.outputs) +=
        bias.template cast<double>();
  };
  add(shape_.input, by_input, pass.inputs);
  add(shape_.state, by_state, pass.before);
}

template <class Scalar>
typename Gru<Scalar>::Array Gru<Scalar>::Tangent(const Pass& pass, const Gru& direction) const {
  const Eigen::Index n = units(), steps = pass.after.cols();
  Array tangent(n, steps);  // of h'
  Array by_input = direction.input_weight_ * pass.inputs;
  by_input.colwise() += direction.input_bias_;
  Array by_state = direction.state_weight_ * pass.before;
  by_state.colwise() += direction.state_bias_;
  for (std::size_t t = 0; t + 1 < pass.begin.size(); ++t) {
    const Eigen::Index begin = pass.begin[t], count = pass.begin[t + 1] - begin;
    Array earlier = Array::Zero(n, count);
    if (t > 0) earlier = tangent.middleCols(pass.begin[t - 1], count);
    by_state.middleCols(begin, count).noalias() += state_weight_ * earlier;
    for (Eigen::Index i = 0; i < count; ++i) {
      const Eigen::Index column = begin + i;
      const auto gates = pass.gates.col(column).array();
      const auto r = gates.head(n), z = gates.segment(n, n), candidate = gates.tail(n);
      const auto input = by_input.col(column).array(), state = by_state.col(column).array();
      const auto r_tangent = (r * (1 - r) * (input.head(n) + state.head(n))).eval();
      const auto z_tangent = (z * (1 - z) * (input.segment(n, n) + state.segment(n, n))).eval();
      const auto candidate_tangent =
          ((1 - candidate.square()) *
           (input.tail(n) + r_tangent * pass.candidate.col(column).array() + r * state.tail(n)))
              .eval();
      tangent.col(column).array() = (1 - z) * candidate_tangent + z * earlier.col(i).array() +
                                    z_tangent * (pass.before.col(column).array() - candidate);
    }
  }
  Array states(n, steps);
  for (Eigen::Index i = 0; i < steps; ++i) {
    states.col(i) = tangent.col(pass.place[static_cast<std::size_t>(i)]);
  }
  return states;
}

template class Gru<float>;
template class Gru<double>;

}  // namespace anole
