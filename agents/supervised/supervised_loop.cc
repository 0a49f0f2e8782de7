#include "agents/supervised/supervised_loop.h"

#include <limits>
#include <utility>

namespace anole {
namespace {

// Rows of Adaptation::facts after those that all loops share.
enum Fact { kGradientNorm = kSamplesFact + 1, kFacts };

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
            .facts = {"loss", "deterministic_loss", "examples", "gradient_norm"},
            .task_parameters = family_->spec().task_parameters,
            .training = {.updates = options.updates}} {}

MetaState SupervisedLoop::Initial(std::uint64_t seed) const {
  Rng rng = Address{.seed = seed}.Open(Purpose::kInit);
  MetaState state;
  state.theta = shape_.InitialParams(rng, /*last_scale=*/1);
  return state;
}

Matrix SupervisedLoop::SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const {
  return SampleColumns(seed, phase, slice, [&](Rng& rng, const TaskPlace& place) {
    return family_->Sample(rng, place);
  });
}

Adaptation SupervisedLoop::Adapt(const MetaState& state, VectorIn task, const Address& address,
                                 const Plan& plan) const {
  const std::int64_t batches = plan.updates + (plan.score_last ? 1 : 0);
  Adaptation adaptation;
  adaptation.params = state.theta;
  adaptation.facts = Matrix::Constant(kFacts, batches, std::numeric_limits<double>::quiet_NaN());
  Vector gradient;
  for (std::int64_t k = 0; k < batches; ++k) {
    Address batch_address = address;
    batch_address.inner_step = k;
    Rng rng = batch_address.Open(Purpose::kLearner);
    const Batch batch = family_->Draw(task, rng);
    auto facts = adaptation.facts.col(k);
    facts[kScoreFact] = SquaredError(shape_, adaptation.params, batch, gradient);
    facts[kSamplesFact] = static_cast<double>(batch.inputs.cols());
    if (plan.deterministic) facts[kDeterministicFact] = facts[kScoreFact];
    if (k == plan.updates) break;  // the batch that only scores
    facts[kGradientNorm] = gradient.norm();
    adaptation.samples += batch.inputs.cols();
    adaptation.params -= options_.step_size * gradient;
  }
  return adaptation;
}

Vector SupervisedLoop::MergeContext(const MetaState& state,
                                    std::span<const Adaptation> /*batch*/) const {
  return state.context;
}

double SquaredError(const MlpShape& shape, VectorIn params, const Batch& batch, Vector& gradient) {
  const Mlp<double> model(shape, params);
  auto pass = model.MakePass(batch.inputs.cols());
  pass.activations[0] = batch.inputs;
  model.Forward(pass);
  const double points = static_cast<double>(batch.inputs.cols());
  Matrix error = pass.activations.back() - batch.targets;
  const double loss = error.squaredNorm() / points;
  error *= 2 / points;
  gradient = Vector::Zero(shape.size());
  model.Backward(pass, error, gradient);
  return loss;
}

}  // namespace anole
