#include "meta/evaluation.h"

#include <algorithm>
#include <atomic>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "meta/adapt_on_ranks.h"
#include "meta/task_set.h"

namespace anole {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double Variance(VectorIn values) {
  return (values.array() - values.mean()).square().sum() / static_cast<double>(values.size() - 1);
}

// Half the width of the interval of a mean whose variance is estimated with so many degrees of
// freedom; unknown where nothing varies.
double HalfWidth(double variance_of_mean, double degrees) {
  if (!std::isfinite(variance_of_mean) || variance_of_mean == 0) return kUnknown;
  return boost::math::quantile(boost::math::students_t(degrees), 0.975) *
         std::sqrt(variance_of_mean);
}

// Of the mean over tasks that are given, each adapted to several times: the tasks' own variances of
// the mean add up, with the degrees of freedom of Welch and Satterthwaite.
double HalfWidthOverAdaptations(VectorIn row, Eigen::Index tasks, std::int64_t adaptations) {
  const double n = static_cast<double>(tasks), repeats = static_cast<double>(adaptations);
  double sum = 0, squares = 0;
  for (Eigen::Index task = 0; task < tasks; ++task) {
    Vector own(adaptations);
    for (std::int64_t i = 0; i < adaptations; ++i) own[i] = row[i * tasks + task];
    const double share = Variance(own) / repeats / (n * n);
    sum += share;
    squares += share * share / (repeats - 1);
  }
  return HalfWidth(sum, squares > 0 ? sum * sum / squares : 1);
}

// Adaptations to the same task that are all alike, because its data are fixed, are one.
void MergeRepeats(Evaluation& evaluation) {
  const Eigen::Index tasks = evaluation.tasks.cols();
  for (const Matrix* matrix :
       {&evaluation.scores, &evaluation.deterministic_scores, &evaluation.successes}) {
    if (matrix->array().isNaN().all()) continue;
    for (Eigen::Index i = tasks; i < matrix->cols(); ++i) {
      if (matrix->col(i) != matrix->col(i % tasks)) return;
    }
  }
  evaluation.adaptations = 1;
  for (Matrix* matrix :
       {&evaluation.scores, &evaluation.deterministic_scores, &evaluation.successes}) {
    *matrix = Matrix(matrix->leftCols(tasks));
  }
}

}  // namespace

void EvaluationOptions::Describe(VisitOf<EvaluationOptions> visit, bool rolls_out) {
  visit("evaluation.tasks", &EvaluationOptions::tasks,
        {.help = "tasks to adapt to; where a family has fewer, so many adaptations in all",
         .min = 1,
         .max = static_cast<double>(Address::kMaxTask),
         .use = Use::kEvaluation});
  visit("evaluation.updates", &EvaluationOptions::updates,
        {.help = "inner updates to evaluate",
         .min = 0,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kEvaluation});
  if (const auto where = visit.Where(rolls_out, "episodes are rolled out")) {
    where("evaluation.rollouts", &EvaluationOptions::rollouts,
          {.help = "episodes that score each update, and feed the next one",
           .min = 1,
           .max = 500000,
           .use = Use::kEvaluation});
    where("evaluation.deterministic", &EvaluationOptions::deterministic,
          {.help = "score the policy without exploration as well, on as many episodes",
           .use = Use::kEvaluation});
  }
  visit("evaluation.seed", &EvaluationOptions::seed,
        {.help = "of the tasks of tests and their episodes, whatever the run's seed",
         .min = 0,
         .max = 9e15,
         .use = Use::kEvaluation});
}

EvaluationTasks TasksOf(const InnerLoop& loop, Phase phase, const EvaluationOptions& options) {
  EvaluationTasks chosen;
  chosen.tasks =
      DistinctTasks(options.goals.cols() > 0
                        ? options.goals
                        : loop.SampleTasks(static_cast<std::uint64_t>(options.seed), phase,
                                           {.count = options.tasks, .strata = options.tasks}));
  const std::int64_t tasks = chosen.tasks.cols();
  chosen.adaptations = std::max<std::int64_t>((options.tasks + tasks - 1) / tasks, 1);
  // So many have addresses of their own.
  while (chosen.adaptations > 1 && chosen.total() > Address::kMaxTask) --chosen.adaptations;
  return chosen;
}

Vector Evaluation::OfTasks(VectorIn row) const {
  Vector means = row.head(tasks.cols());
  if (adaptations == 1) return means;
  for (std::int64_t i = 1; i < adaptations; ++i) {
    means += row.segment(i * tasks.cols(), tasks.cols());
  }
  return means / static_cast<double>(adaptations);
}

Eigen::Index Evaluation::broken_tasks() const {
  return OfTasks(scores.bottomRows(1).transpose()).array().isNaN().count();
}

IntervalOf IntervalKind(const Evaluation& evaluation) {
  if (evaluation.adaptations > 1) return IntervalOf::kAdaptations;
  // Tasks of a list are not drawn from anything wider.
  return evaluation.tasks.cols() > 1 && evaluation.trained_on == 0 ? IntervalOf::kTasks
                                                                   : IntervalOf::kNothing;
}

Score Summarize(const Evaluation& evaluation, VectorIn row, bool higher_is_better) {
  const Vector means = evaluation.OfTasks(row);
  const Eigen::Index tasks = means.size();
  Score score{.mean = means.mean(),
              .ci95 = kUnknown,
              .spread = kUnknown,
              .min = means.minCoeff(),
              .max = means.maxCoeff(),
              .worst = kUnknown};
  if (tasks > 1) {
    score.spread = std::sqrt(Variance(means));
    score.worst = WorstDecile(means, higher_is_better);
  }
  switch (IntervalKind(evaluation)) {
    case IntervalOf::kNothing:
      break;
    case IntervalOf::kTasks:
      score.ci95 =
          HalfWidth(Variance(means) / static_cast<double>(tasks), static_cast<double>(tasks - 1));
      break;
    case IntervalOf::kAdaptations:
      score.ci95 = HalfWidthOverAdaptations(row, tasks, evaluation.adaptations);
      break;
  }
  return score;
}

double WorstDecile(VectorIn values, bool higher_is_better) {
  if (values.hasNaN()) return kUnknown;
  Vector sorted = higher_is_better ? Vector(values) : Vector(-values);
  std::ranges::sort(sorted);
  const double worst =
      sorted.head(std::max<Eigen::Index>(sorted.size() / kTasksOfATenth, 1)).mean();
  return higher_is_better ? worst : -worst;
}

Evaluation Evaluate(const InnerLoop& loop, const Learnable& state, Phase phase,
                    const EvaluationOptions& options,
                    const std::function<void(std::int64_t done)>& progress,
                    const Communicator& ranks) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const Plan plan{.updates = options.updates,
                  .rollouts = options.rollouts,
                  .score_last = true,
                  .deterministic = options.deterministic,
                  .one_batch = true};
  EvaluationTasks chosen = TasksOf(loop, phase, options);
  const std::int64_t total = chosen.total();
  Evaluation evaluation;
  evaluation.tasks = std::move(chosen.tasks);
  evaluation.adaptations = chosen.adaptations;
  evaluation.trained_on = CountTrainedOn(loop, evaluation.tasks);
  evaluation.scores.resize(options.updates + 1, total);
  evaluation.deterministic_scores.resize(options.updates + 1, total);
  evaluation.successes.resize(options.updates + 1, total);
  Matrix samples(options.updates + 1, total);
  const std::int64_t own = PartOf(total, ranks.rank(), ranks.size()).count;
  std::atomic<std::int64_t> own_done = 0;
  const std::vector<Adaptation> adaptations = AdaptOnRanks(ranks, total, [&](std::int64_t i) {
    const Address address{.seed = seed, .phase = phase, .task = i};
    Adaptation adaptation =
        loop.Adapt(state, evaluation.tasks.col(i % evaluation.tasks.cols()), address, plan);
    if (progress) progress(++own_done * total / own);
    return Adaptation{.facts = std::move(adaptation.facts)};  // the parameters stay here
  });
  // Where parameters stay, each episode of a batch is of a policy that has met its own alone.
  const double apart = loop.spec().stays.empty()
                           ? 1.
                           : static_cast<double>(std::max<std::int64_t>(options.rollouts, 1));
  for (std::int64_t i = 0; i < total; ++i) {
    const Matrix& facts = adaptations[static_cast<std::size_t>(i)].facts;
    evaluation.scores.col(i) = facts.row(kScoreFact);
    evaluation.deterministic_scores.col(i) = facts.row(kDeterministicFact);
    evaluation.successes.col(i) = facts.row(kSuccessFact);
    double consumed = 0;
    for (std::int64_t k = 0; k <= options.updates; ++k) {
      samples(k, i) = consumed;
      if (std::isfinite(facts(kSamplesFact, k))) consumed += facts(kSamplesFact, k) / apart;
    }
  }
  evaluation.samples = samples.rowwise().mean();
  if (!evaluation.scores.hasNaN()) MergeRepeats(evaluation);
  return evaluation;
}

}  // namespace anole
