// Meta-training: adapt to a batch of tasks, move the initial parameters, again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "configs/option.h"
#include "meta/communicator.h"
#include "meta/meta_gradient.h"
#include "meta/meta_state.h"
#include "meta/outer_optimizer.h"

namespace anole {

struct TrainerOptions {
  std::int64_t iterations = 100;
  std::int64_t batch_size = 10;
  std::int64_t strata = 0;
  bool mixture = false;
  double tolerance = 0;
  double step_size = 1;
  double step_size_decay = 1;
  std::int64_t anneal_iterations = 0;
  double average = 0;

  // takes_step_size: see OuterOptimizer.
  static void Describe(VisitOf<TrainerOptions> visit, bool takes_step_size);

  // Adaptations of an iteration, which is what ranks share.
  std::int64_t adaptations() const { return mixture ? 1 : batch_size; }

  // Whether the last step was so small that there is nothing more to learn.
  bool HasConverged(const MetaState& state) const { return state.direction_norm < tolerance; }

  LinearSchedule step_schedule() const {
    return {.first = step_size, .last = step_size * step_size_decay, .length = anneal_iterations};
  }
};

// What an iteration found.
struct IterationFacts {
  std::vector<Adaptation> batch;  // in task order; a single one of a mixture; no longer frozen
  double step_norm = 0;           // ||theta after - theta before||; 0: the outer step was refused
  std::optional<double> kl;       // mean over tasks of KL(adapted policy before || after the outer
                                  // step); where adaptations were frozen
  double adapted_distance = 0;    // mean over tasks of ||phi - theta||
  double adapted_cosine = 0;  // mean over pairs of tasks of the cosine between their phi - theta;
                              // NaN where there is no pair
};

class Trainer {
 public:
  // The objects outlive the trainer. `ranks` share the tasks of a meta-batch. Throws UserError
  // where the loop cannot do what meta gradient and optimiser need.
  Trainer(const TrainerOptions& options, std::uint64_t seed, const InnerLoop& loop,
          const MetaGradient& gradient, const OuterOptimizer& optimizer,
          const Communicator& ranks = Alone())
      : options_(options),
        seed_(seed),
        loop_(loop),
        gradient_(gradient),
        plan_(TrainingPlan(loop, gradient, optimizer)),
        optimizer_(optimizer),
        ranks_(ranks) {}

  // One meta-iteration, collective. A function of `state` alone, whatever the number of threads and
  // ranks; every rank has it. Throws RunawayError, on every rank, where its numbers run away
  // (finite.h); `state` is then as it was. on_adapted: told, by any thread, after each adaptation
  // that this rank makes.
  IterationFacts Step(MetaState& state, const std::function<void()>& on_adapted = {}) const;

 private:
  std::vector<Adaptation> AdaptTasks(const MetaState& state, MatrixIn tasks,
                                     const std::function<void()>& on_adapted) const;
  void Average(MetaState& state) const;
  void MoveTheta(std::span<const Adaptation> batch, const FrozenMetaBatch& frozen,
                 MetaState& state) const;

  TrainerOptions options_;
  std::uint64_t seed_;
  const InnerLoop& loop_;
  const MetaGradient& gradient_;
  Plan plan_;  // of an adaptation
  const OuterOptimizer& optimizer_;
  const Communicator& ranks_;
};

}  // namespace anole
