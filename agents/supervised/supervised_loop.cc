#include "agents/supervised/supervised_loop.h"

#include <cmath>
#include <limits>
#include <utility>

namespace anole {
namespace {

// Rows of Adaptation::facts after those that all loops share.
enum Fact { kGradientNorm = kSharedFacts, kFacts };

}  // namespace

void SupervisedOptions::Describe(OptionVisitor& visit) {
  visit("model.hidden", hidden,
        {.help = "sizes of the hidden layers (tanh); [] is a linear model",
         .min = 1,
         .max = 65536,
         .max_size = 16});
  visit("inner.updates", updates,
        {.help = "inner updates of an adaptation",
         .min = 1,
         .max = static_cast<double>(Address::kMaxInnerStep)});
  visit("inner.step_size", step_size, {.help = "of a gradient update", .min = 0, .max = 1e6});
}

SupervisedLoop::SupervisedLoop(const SupervisedOptions& options, std::unique_ptr<DataFamily> family)
    : options_(options),
      family_(std::move(family)),
      shape_(family_->spec().input_dim, options.hidden, family_->spec().output_dim),
      spec_{.layout = {shape_.Blocks("model"), {}},
            .score = "loss",
            .higher_is_better = false,
            .facts = {"loss", "deterministic_loss", "examples", "success", "gradient_norm"},
            .task_parameters = family_->spec().task_parameters,
            .training = {.updates = options.updates},
            .batch_samples = family_->spec().points} {}

MetaState SupervisedLoop::Initial(std::uint64_t seed) const {
  Rng rng = Address{.seed = seed}.Open(Purpose::kInit);
  MetaState state;
  state.theta.resize(shape_.size());
  // Biases as wide as weights: tanh units that all turn at 0 fit a curve elsewhere only slowly.
  for (const LayerShape& layer : shape_.layers) {
    const double reach = 1 / std::sqrt(static_cast<double>(layer.inputs));
    for (double& parameter : state.theta.segment(layer.offset, layer.size())) {
      parameter = rng.Uniform(-reach, reach);
    }
  }
  return state;
}

Matrix SupervisedLoop::SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const {
  return SampleColumns(seed, phase, slice, [&](Rng& rng, const TaskPlace& place) {
    return family_->Sample(rng, place);
  });
}

Adaptation SupervisedLoop::Adapt(const MetaState& state, MatrixIn tasks, const Address& address,
                                 const Plan& plan) const {
  const std::int64_t batches = plan.batches();
  const double count = static_cast<double>(tasks.cols());
  Adaptation adaptation;
  adaptation.params = state.theta;
  adaptation.facts = Matrix::Constant(kFacts, batches, std::numeric_limits<double>::quiet_NaN());
  for (std::int64_t k = 0; k < batches; ++k) {
    Vector gradient = Vector::Zero(state.theta.size());
    double loss = 0;
    std::int64_t examples = 0;
    for (Eigen::Index j = 0; j < tasks.cols(); ++j) {
      Address batch_address = address;
      batch_address.task += j;
      batch_address.inner_step = plan.one_batch ? 0 : k;
      Rng rng = batch_address.Open(Purpose::kLearner);
      const Batch batch = family_->Draw(tasks.col(j), rng);
      Vector task_gradient;
      SquaredError(shape_, adaptation.params, batch, &task_gradient);
      gradient += task_gradient / count;
      loss += SquaredError(shape_, adaptation.params, family_->Query(tasks.col(j))) / count;
      examples += batch.inputs.cols();
    }
    auto facts = adaptation.facts.col(k);
    facts[kScoreFact] = loss;
    if (plan.one_batch && k > 0) examples = 0;  // no new ones
    facts[kSamplesFact] = static_cast<double>(examples);
    if (plan.deterministic) facts[kDeterministicFact] = loss;
    const bool is_last = k == plan.updates;  // the batch that only scores
    if (is_last && !plan.gradient) break;
    facts[kGradientNorm] = gradient.norm();
    adaptation.samples += examples;
    if (is_last) {
      adaptation.gradient = -gradient;
    } else {
      adaptation.params -= options_.step_size * gradient;
    }
  }
  return adaptation;
}

Vector SupervisedLoop::MergeContext(const MetaState& state,
                                    std::span<const Adaptation> /*batch*/) const {
  return state.context;
}

double SquaredError(const MlpShape& shape, VectorIn params, const Batch& batch, Vector* gradient) {
  const Mlp<double> model(shape, params);
  auto pass = model.MakePass(batch.inputs.cols());
  pass.activations[0] = batch.inputs;
  model.Forward(pass);
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

}  // namespace anole
