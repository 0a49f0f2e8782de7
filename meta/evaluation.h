// How well initial parameters adapt to tasks that were never trained on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "meta/communicator.h"

namespace anole {

struct EvaluationOptions {
  std::int64_t tasks = 20;
  std::int64_t updates = 3;
  std::int64_t rollouts = 20;
  std::int64_t seed = 0;
  bool deterministic = true;

  // `rolls_out`: whether tasks are learned from episodes.
  void Describe(OptionVisitor& visit, bool rolls_out);
};

// A mean over tasks, and how far to trust it.
struct Score {
  double mean = 0;
  double ci95 = 0;  // half the width of the 95 % confidence interval (Student's t), 0 for one task
  double spread = 0;  // standard deviation between tasks
  double min = 0, max = 0;
};

Score Summarize(VectorIn values);

// Mean over the worst tenth of the tasks, and at least one; NaN where a value is.
double WorstDecile(VectorIn values, bool higher_is_better);

// NaN, in all that is measured, where updates have broken a task's parameters: no number there would
// be true.
struct Evaluation {
  Matrix tasks;                 // (task parameters x tasks)
  Matrix scores;                // (updates + 1 x tasks): the return, or the loss, after k updates
  Matrix deterministic_scores;  // the same without exploration; NaN where not asked for
  Matrix successes;             // share of episodes that succeed; NaN where that is not defined
  Vector samples;               // (updates + 1): consumed by the first k updates, mean over tasks

  // On how many tasks updates have broken the parameters.
  Eigen::Index broken_tasks() const { return scores.bottomRows(1).array().isNaN().count(); }
};

// Adapts `state` to the held-out tasks of `phase`. The batch that scores k updates feeds update
// k + 1; the deterministic scores have batches of their own. Tasks and episodes are those of
// options.seed: different parameters meet the same ones. parallel over tasks and episodes.
// Collective: `ranks` share the tasks, and each has the result.
// `progress` is told how many tasks are done, each number once, from any thread and in any order;
// other ranks are taken to be as far as this one.
Evaluation Evaluate(const InnerLoop& loop, const MetaState& state, Phase phase,
                    const EvaluationOptions& options,
                    const std::function<void(std::int64_t tasks_done)>& progress = {},
                    const Communicator& ranks = Alone());

}  // namespace anole
