// policy/PASS: the products of matrices that a pass of the 64x64 policy cannot do without, in
// Eigen alone, over the whole pass. What else a pass does: normalising observations, bias and tanh,
// double to float and back.
#include "agents/network/policy.h"

#include <vector>

#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"

namespace anole::bench {
namespace {

constexpr Eigen::Index kSteps = 2048;  // of a batch
constexpr Eigen::Index kChunk = 256;   // steps of a pass for the gradient, as in the policy
constexpr int kTurns = 50;

// The products, of the same shapes, with nothing about them.
class Products {
 public:
  using Array = Mlp<float>::Array;

  Products(const MlpShape& shape, Eigen::Index batch) {
    values_.emplace_back(Array::Random(shape.inputs(), batch));
    for (const LayerShape& layer : shape.layers) {
      weights_.emplace_back(Array::Random(layer.outputs, layer.inputs));
      values_.emplace_back(Array::Zero(layer.outputs, batch));
      gradients_.emplace_back(Array::Zero(layer.outputs, layer.inputs));
    }
    deltas_.assign(values_.begin(), values_.end());
  }

  void ForwardOne() {
    for (std::size_t l = 0; l < weights_.size(); ++l) {
      values_[l + 1].col(0).noalias() = weights_[l] * values_[l].col(0);
    }
  }
  void Forward() {
    for (std::size_t l = 0; l < weights_.size(); ++l) {
      values_[l + 1].noalias() = weights_[l] * values_[l];
    }
  }
  void Backward() {
    for (std::size_t l = weights_.size(); l-- > 0;) {
      gradients_[l].noalias() = deltas_[l + 1] * values_[l].transpose();
      if (l > 0) deltas_[l].noalias() = weights_[l].transpose() * deltas_[l + 1];
    }
  }

 private:
  std::vector<Array> weights_, values_, deltas_, gradients_;
};

class PolicyPasses : public Benchmark {
 public:
  // Half-cheetah's sizes.
  PolicyPasses() {
    Rng rng = Address().Open(Purpose::kInit);
    const Vector params = shape_.network.InitialParams(rng, 1);
    policy_ = std::make_unique<ControlPolicy<float>>(
        shape_, params, Vector::Constant(kActions, -0.5),
        ObservationScale{Vector::Zero(kObservations), Vector::Ones(kObservations)});
    network_ = std::make_unique<Mlp<float>>(shape_.network, params);
  }

  std::vector<double> Measure(int /*repetition*/) override {
    auto one = policy_->MakeMemory();
    auto many = network_->MakePass(64);
    many.activations[0].setRandom();
    Vector mean(kActions);
    Eigen::Index i = 0;
    const double forward_one = Ratio(
        200, [&] { one_.ForwardOne(); },
        [&] { policy_->Mean(observations_.col(i++ % kSteps), one, mean); });
    const double forward_many =
        Ratio(10, [&] { many_.Forward(); }, [&] { network_->Forward(many); });
    const double gradient = Ratio(
        1,
        [&] {
          for (Eigen::Index first = 0; first < kSteps; first += kChunk) {
            chunk_.Forward();
            chunk_.Backward();
          }
        },
        [&] { policy_->WeightedGradient(observations_, actions_, weights_); });
    return {forward_one, forward_many, gradient};
  }

 private:
  // Time of `products` over that of `pass`, in turns of `calls` each.
  template <class Bare, class Pass>
  static double Ratio(int calls, const Bare& products, const Pass& pass) {
    double bare_seconds = 0, pass_seconds = 0;
    for (int turn = 0; turn < kTurns; ++turn) {
      bare_seconds += Timed(ThreadSeconds, [&] {
        for (int i = 0; i < calls; ++i) products();
      });
      pass_seconds += Timed(ThreadSeconds, [&] {
        for (int i = 0; i < calls; ++i) pass();
      });
    }
    return bare_seconds / pass_seconds;
  }

  static constexpr Eigen::Index kObservations = 17, kActions = 6;

  PolicyShape shape_{MlpShape(kObservations, {64, 64}, kActions)};
  std::unique_ptr<ControlPolicy<float>> policy_;
  std::unique_ptr<Mlp<float>> network_;
  Matrix observations_ = Matrix::Random(kObservations, kSteps);
  Matrix actions_ = Matrix::Random(kActions, kSteps);
  Vector weights_ = Vector::Random(kSteps);
  Products one_{shape_.network, 1}, many_{shape_.network, 64}, chunk_{shape_.network, kChunk};
};

std::vector<BenchmarkEntry> PolicyEntries() {
  return {{.figures = {{.name = "policy/forward-1", .goal = {}},
                       {.name = "policy/forward-64", .goal = {}},
                       {.name = "policy/gradient", .goal = {}}},
           .make = [] { return std::make_unique<PolicyPasses>(); }}};
}

const RegisterBenchmarks registration(&PolicyEntries);

}  // namespace
}  // namespace anole::bench
