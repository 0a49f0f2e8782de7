// Supervised learning of one task: gradient descent on the mean squared error or, for classes, on
// the cross-entropy, in double precision, because its results are compared with closed forms.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agents/inner_loop.h"
#include "agents/inner_optimizer.h"
#include "agents/network/mlp.h"
#include "configs/option.h"
#include "envs/data_family.h"

namespace anole {

// Of the inputs of a batch.
enum class Normalization { kNone, kBatch };

constexpr auto WordsOf(Normalization) {
  return Words<Normalization>({{Normalization::kNone, "none"}, {Normalization::kBatch, "batch"}});
}

struct SupervisedOptions {
  std::vector<std::int64_t> hidden = {};  // none: a linear model
  Normalization normalization = Normalization::kNone;
  bool transductive = false;
  std::int64_t updates = 5;
  InnerOptimizer optimizer = InnerOptimizer::kSgd;
  double step_size = 0.01;

  static void Describe(VisitOf<SupervisedOptions> visit);
};

// The rows of its Adaptation::facts.
std::vector<Column> SupervisedFacts();

class SupervisedLoop : public InnerLoop {
 public:
  SupervisedLoop(const SupervisedOptions& options, std::unique_ptr<DataFamily> family);

  const InnerLoopSpec& spec() const override { return spec_; }
  Learnable Initial(std::uint64_t seed) const override;
  Matrix SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const override;
  // Each inner step draws its own batch, or sees the first one again where plan.one_batch and
  // examples are endless; the score is the loss on the family's query, success its accuracy.
  Adaptation Adapt(const Learnable& state, MatrixIn tasks, const Address& address,
                   const Plan& plan) const override;
  // What pictures show of a task: the examples of its first inner step, as Adapt draws them; what
  // scores it; and what the model says of inputs (input_dim x points): (output_dim x points).
  const DataSpec& data() const { return family_->spec(); }
  Batch Examples(VectorIn task, const Address& address) const;
  Batch Query(VectorIn task) const { return family_->Query(task); }
  Matrix Predict(VectorIn params, MatrixIn inputs) const;

  // Nothing is learned beside theta: the context is empty.
  Vector NextContext(const Learnable& state, std::span<const Adaptation> batch) const override;

 private:
  // As the model is to see it.
  Batch Normalized(Batch batch) const;
  Batch NormalizedQuery(VectorIn task) const;
  double Loss(VectorIn params, const Batch& batch, Vector* gradient = nullptr) const;
  Vector LossHessianProduct(VectorIn params, const Batch& batch, VectorIn v) const;

  // What an update was made from: the parameters before it, and each task's examples.
  struct MadeUpdate {
    Vector params;
    std::vector<Batch> batches;
  };

  // (parameters): J^T v, with J the derivative of those after the updates in those before.
  Vector BackPropagate(std::span<const MadeUpdate> updates, Vector v) const;

  SupervisedOptions options_;
  std::unique_ptr<DataFamily> family_;
  MlpShape shape_;
  InnerLoopSpec spec_;
};

}  // namespace anole
