#include "agents/supervised/supervised_loop.h"

#include <cmath>
#include <limits>
#include <ranges>
#include <utility>

#include "agents/adam.h"
#include "agents/finite.h"
#include "agents/supervised/loss.h"
#include "configs/user_error.h"

namespace anole {
namespace {

// Rows of Adaptation::facts after those that all loops share.
enum Fact { kGradientNorm = kSharedFacts, kFacts };

// No memory of the mean: Nichol, Achiam, Schulman 2018, section 6.
constexpr AdamOptions kAdam = {.beta1 = 0};

constexpr double kLeastVariance = 0.01;  // of an input within a batch

DerivativeLimit Derivatives(const SupervisedOptions& options) {
  if (options.optimizer != InnerOptimizer::kSgd) {
    return {Derivative::kAtPhi,
            R"(inner.optimizer = "adam" is not differentiated; set it to "sgd")"};
  }
  return {Derivative::kAtTheta,
          "a task that is learned from data has no policy, by whose likelihood ratios and KL "
          "divergence an outer step could be judged"};
}

// count: of the steps before, whose means Adam has in `memory`.
Vector StepAlong(VectorIn gradient, const SupervisedOptions& options, std::int64_t count,
                 Vector& memory) {
  switch (options.optimizer) {
    case InnerOptimizer::kSgd:
      return options.step_size * gradient;
    case InnerOptimizer::kAdam:
      break;
  }
  return AdamStep(gradient, options.step_size, kAdam, count, memory);
}

}  // namespace

void SupervisedOptions::Describe(VisitOf<SupervisedOptions> visit) {
  visit("model.hidden", &SupervisedOptions::hidden,
        {.help = "sizes of the hidden layers (tanh); [] is a linear model",
         .min = 1,
         .max = 65536,
         .max_size = 16,
         .use = Use::kPolicy});
  visit("model.normalization", &SupervisedOptions::normalization,
        {.help = "batch: inputs have mean 0 and variance 1 in each batch", .use = Use::kPolicy});
  if (const auto where = visit.Where(visit->normalization == Normalization::kBatch,
                                     "model.normalization = \"batch\"")) {
    where(
        "model.transductive", &SupervisedOptions::transductive,
        {.help = "what scores is normalised together; else each example for itself, with those to "
                 "learn from"});
  }
  visit("inner.updates", &SupervisedOptions::updates,
        {.help = "inner updates of an adaptation",
         .min = 1,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kTraining});
  visit("inner.optimizer", &SupervisedOptions::optimizer,
        {.help = "adam: without a memory of the mean, and its other memory starts empty on every "
                 "task"});
  visit("inner.step_size", &SupervisedOptions::step_size,
        {.help = "of a gradient update", .min = 0, .max = 1e6, .is_inner_step = true});
}

std::vector<Column> SupervisedFacts() {
  return {{"loss", "", "mean over the examples of a batch"},
          {"deterministic_loss", "", "the same: a model has no noise"},
          {"examples", "", "that were learned from"},
          {"success", "", "share of the examples that are told rightly"},
          {"gradient_norm", "", "length of the loss's gradient", true}};
}

SupervisedLoop::SupervisedLoop(const SupervisedOptions& options, std::unique_ptr<DataFamily> family)
    : options_(options),
      family_(std::move(family)),
      shape_(family_->spec().input_dim, options.hidden, family_->spec().output_dim),
      spec_{.layout = {shape_.Blocks("model"), {}},
            .score = "loss",
            .higher_is_better = false,
            .facts = SupervisedFacts(),
            .task_parameters = family_->spec().task_parameters,
            .task_ranges = {},
            .training = {.updates = options.updates},
            .derivatives = Derivatives(options),
            .batch_samples = family_->spec().points} {
  if (options.normalization != Normalization::kNone && !family_->spec().classification) {
    throw OptionError("model.normalization",
                      "a task of this task.family owns no fixed examples, together with which "
                      "those that score could be normalised; set it to \"none\"");
  }
}

Learnable SupervisedLoop::Initial(std::uint64_t seed) const {
  Rng rng = Address{.seed = seed}.Open(Purpose::kInit);
  Learnable state;
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

Adaptation SupervisedLoop::Adapt(const Learnable& state, MatrixIn tasks, const Address& address,
                                 const Plan& plan) const {
  const std::int64_t batches = plan.batches();
  const double count = static_cast<double>(tasks.cols());
  const bool classifies = family_->spec().classification;
  const bool one_batch = plan.one_batch && !classifies;
  const bool differentiates = plan.derivative >= Derivative::kAtTheta;
  Vector memory;                    // of Adam
  std::vector<MadeUpdate> updates;  // that are to be differentiated
  Adaptation adaptation;
  adaptation.params = state.theta;
  adaptation.facts = Matrix::Constant(kFacts, batches, std::numeric_limits<double>::quiet_NaN());
  if (plan.trajectory) adaptation.trajectory = state.theta.replicate(1, plan.updates + 1);
  for (std::int64_t k = 0; k < batches; ++k) {
    if (!AllFinite(adaptation.params)) {  // no model: it has no score
      const double none = std::numeric_limits<double>::quiet_NaN();
      if (plan.derivative != Derivative::kNone)
        adaptation.gradient = Vector::Constant(state.theta.size(), none);
      break;
    }
    Vector gradient = Vector::Zero(state.theta.size());
    double loss = 0, accuracy = 0;
    std::int64_t examples = 0;
    MadeUpdate update{adaptation.params, {}};
    for (Eigen::Index j = 0; j < tasks.cols(); ++j) {
      Address batch_address = address;
      batch_address.task += j;
      batch_address.inner_step = one_batch ? 0 : k;
      Rng rng = batch_address.Open(Purpose::kLearner);
      const Batch batch = Normalized(family_->Draw(tasks.col(j), rng));
      Vector task_gradient;
      Loss(adaptation.params, batch, &task_gradient);
      gradient += task_gradient / count;
      const Batch query = NormalizedQuery(tasks.col(j));
      loss += Loss(adaptation.params, query) / count;
      if (classifies) accuracy += Accuracy(shape_, adaptation.params, query) / count;
      examples += batch.inputs.cols();
      if (differentiates) update.batches.push_back(batch);
    }
    auto facts = adaptation.facts.col(k);
    facts[kScoreFact] = loss;
    adaptation.objective = -loss;
    if (one_batch && k > 0) examples = 0;  // no new ones
    if (classifies) facts[kSuccessFact] = accuracy;
    facts[kSamplesFact] = static_cast<double>(examples);
    if (plan.deterministic) facts[kDeterministicFact] = loss;
    const bool is_last = k == plan.updates;  // the batch that only scores
    if (is_last && plan.derivative == Derivative::kNone) break;
    facts[kGradientNorm] = gradient.norm();
    adaptation.samples += examples;
    if (is_last) {
      adaptation.gradient = BackPropagate(updates, -gradient);
    } else {
      adaptation.params -= StepAlong(gradient, options_, k, memory);
      if (differentiates) updates.push_back(std::move(update));
      if (plan.trajectory) adaptation.trajectory.col(k + 1) = adaptation.params;
    }
  }
  return adaptation;
}

Batch SupervisedLoop::Examples(VectorIn task, const Address& address) const {
  Rng rng = address.Open(Purpose::kLearner);
  return family_->Draw(task, rng);
}

Matrix SupervisedLoop::Predict(VectorIn params, MatrixIn inputs) const {
  const Mlp<double> model(shape_, params);
  auto pass = model.MakePass(inputs.cols());
  pass.activations[0] = Normalized({inputs, {}}).inputs;
  model.Forward(pass);
  return pass.activations.back();
}

Batch SupervisedLoop::Normalized(Batch batch) const {
  if (options_.normalization == Normalization::kNone) return batch;
  const Vector mean = batch.inputs.rowwise().mean();
  batch.inputs.colwise() -= mean;
  const Vector variance = batch.inputs.rowwise().squaredNorm() / batch.inputs.cols();
  batch.inputs.array().colwise() /= (variance.array() + kLeastVariance).sqrt();
  return batch;
}

Batch SupervisedLoop::NormalizedQuery(VectorIn task) const {
  Batch query = family_->Query(task);
  if (options_.normalization == Normalization::kNone || options_.transductive)
    return Normalized(std::move(query));
  const Batch support = family_->Support(task);
  Matrix together(query.inputs.rows(), support.inputs.cols() + 1);
  together.leftCols(support.inputs.cols()) = support.inputs;
  for (Eigen::Index i = 0; i < query.inputs.cols(); ++i) {
    together.rightCols(1) = query.inputs.col(i);
    query.inputs.col(i) = Normalized({together, {}}).inputs.rightCols(1);
  }
  return query;
}

double SupervisedLoop::Loss(VectorIn params, const Batch& batch, Vector* gradient) const {
  return family_->spec().classification ? CrossEntropy(shape_, params, batch, gradient)
                                        : SquaredError(shape_, params, batch, gradient);
}

Vector SupervisedLoop::LossHessianProduct(VectorIn params, const Batch& batch, VectorIn v) const {
  return family_->spec().classification ? CrossEntropyHessianProduct(shape_, params, batch, v)
                                        : SquaredErrorHessianProduct(shape_, params, batch, v);
}

// J = I - step * H of each update, which is symmetric.
Vector SupervisedLoop::BackPropagate(std::span<const MadeUpdate> updates, Vector v) const {
  for (const MadeUpdate& update : updates | std::views::reverse) {
    Vector product = Vector::Zero(v.size());
    for (const Batch& batch : update.batches) {
      product += LossHessianProduct(update.params, batch, v);
    }
    v -= options_.step_size / static_cast<double>(update.batches.size()) * product;
  }
  return v;
}

Vector SupervisedLoop::NextContext(const Learnable& state,
                                   std::span<const Adaptation> /*batch*/) const {
  return state.context;
}

}  // namespace anole
