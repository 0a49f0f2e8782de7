// How well initial parameters adapt to the tasks of a phase.
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
  // (task parameters x goals): adapted to instead of the phase's own tasks; no columns: those. No
  // option of a config.
  Matrix goals = {};

  // `rolls_out`: whether tasks are learned from episodes.
  static void Describe(VisitOf<EvaluationOptions> visit, bool rolls_out);
};

// What an evaluation adapts to. Where there are fewer different tasks than were asked for, each is
// adapted to several times, with episodes of its own each time, and equally often.
struct EvaluationTasks {
  Matrix tasks;                  // (task parameters x tasks), all different
  std::int64_t adaptations = 1;  // to each task

  std::int64_t total() const { return adaptations * tasks.cols(); }
};

EvaluationTasks TasksOf(const InnerLoop& loop, Phase phase, const EvaluationOptions& options);

// NaN, in all that is measured, where updates have broken a task's parameters: no number there
// would be true.
struct Evaluation {
  Matrix tasks;                  // (task parameters x tasks), all different
  std::int64_t adaptations = 1;  // to each task
  std::int64_t trained_on = 0;   // how many of the tasks training meets as well
  // Of each adaptation, (updates + 1 x adaptations * tasks): column i is of task i mod tasks.
  Matrix scores;                // the return, or the loss, after k updates
  Matrix deterministic_scores;  // the same without exploration; NaN where not asked for
  Matrix successes;             // share of episodes that succeed; NaN where that is not defined
  Vector samples;               // (updates + 1): consumed by the first k updates, mean over tasks

  // On how many tasks updates have broken the parameters.
  Eigen::Index broken_tasks() const;
  // (tasks): the mean over its adaptations for each task. row: of one of the matrices above.
  Vector OfTasks(VectorIn row) const;
};

// Adapts `state` to the tasks of `phase`, or to options.goals. The batch that scores k updates
// feeds update k + 1; the deterministic scores have batches of their own. Tasks and episodes are
// those of options.seed: different parameters meet the same ones. parallel over tasks and episodes.
// `trained_on` is counted by what `loop` trains on.
// Collective: `ranks` share the adaptations, and each has the result.
// `progress` is told how many adaptations are done, each number once, from any thread and in any
// order; other ranks are taken to be as far as this one.
Evaluation Evaluate(const InnerLoop& loop, const Learnable& state, Phase phase,
                    const EvaluationOptions& options,
                    const std::function<void(std::int64_t done)>& progress = {},
                    const Communicator& ranks = Alone());

// What a 95 % interval of a mean score is over.
enum class IntervalOf {
  kNothing,      // a single adaptation, or one to each of a few tasks that are no sample of others
  kTasks,        // which were drawn: it tells of all tasks of the distribution
  kAdaptations,  // of the same tasks: it tells of other episodes, not of other tasks
};
IntervalOf IntervalKind(const Evaluation& evaluation);

// From so many tasks on, a tenth of them is one at least.
inline constexpr Eigen::Index kTasksOfATenth = 10;

// A mean over tasks, and how far to trust it; NaN stands for what is not known.
struct Score {
  double mean = 0;
  double ci95 = 0;    // half the width of the 95 % confidence interval (Student's t): IntervalOf
  double spread = 0;  // standard deviation between tasks; NaN for one task
  double min = 0, max = 0;  // of a task
  // Mean over the worst tenth of the tasks; of fewer than kTasksOfATenth the worst one; NaN for
  // one task.
  double worst = 0;
};

// row: of a matrix of the evaluation.
Score Summarize(const Evaluation& evaluation, VectorIn row, bool higher_is_better);

// Mean over the worst tenth of the values, and at least one; NaN where a value is.
double WorstDecile(VectorIn values, bool higher_is_better);

}  // namespace anole
