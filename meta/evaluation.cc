#include "meta/evaluation.h"

#include <algorithm>
#include <atomic>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "meta/adapt_on_ranks.h"

namespace anole {

void EvaluationOptions::Describe(OptionVisitor& visit, bool rolls_out) {
  visit("evaluation.tasks", tasks,
        {.help = "held-out tasks to adapt to",
         .min = 1,
         .max = static_cast<double>(Address::kMaxTask),
         .use = Use::kEvaluation});
  visit("evaluation.updates", updates,
        {.help = "inner updates to evaluate",
         .min = 0,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kEvaluation});
  if (rolls_out || visit.everything()) {
    visit("evaluation.rollouts", rollouts,
          {.help = "episodes that score each update, and feed the next one",
           .min = 1,
           .max = 500000,
           .use = Use::kEvaluation});
    visit("evaluation.deterministic", deterministic,
          {.help = "score the policy without exploration as well, on as many episodes",
           .use = Use::kEvaluation});
  }
  visit("evaluation.seed", seed,
        {.help = "of the held-out tasks and their episodes, whatever the run's seed",
         .min = 0,
         .max = 9e15,
         .use = Use::kEvaluation});
}

Score Summarize(VectorIn values) {
  Score score;
  const double n = static_cast<double>(values.size());
  score.mean = values.mean();
  score.min = values.minCoeff();
  score.max = values.maxCoeff();
  if (n > 1) {
    score.spread = std::sqrt((values.array() - score.mean).square().sum() / (n - 1));
    const boost::math::students_t distribution(n - 1);
    score.ci95 = boost::math::quantile(distribution, 0.975) * score.spread / std::sqrt(n);
  }
  return score;
}

double WorstDecile(VectorIn values, bool higher_is_better) {
  if (values.hasNaN()) return std::numeric_limits<double>::quiet_NaN();
  Vector sorted = higher_is_better ? Vector(values) : Vector(-values);
  std::ranges::sort(sorted);
  const double worst = sorted.head(std::max<Eigen::Index>(sorted.size() / 10, 1)).mean();
  return higher_is_better ? worst : -worst;
}

Evaluation Evaluate(const InnerLoop& loop, const MetaState& state, Phase phase,
                    const EvaluationOptions& options,
                    const std::function<void(std::int64_t tasks_done)>& progress,
                    const Communicator& ranks) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const Plan plan{.updates = options.updates,
                  .rollouts = options.rollouts,
                  .score_last = true,
                  .deterministic = options.deterministic,
                  .one_batch = true};
  Evaluation evaluation;
  evaluation.tasks =
      loop.SampleTasks(seed, phase, {.count = options.tasks, .strata = options.tasks});
  evaluation.scores.resize(options.updates + 1, options.tasks);
  evaluation.deterministic_scores.resize(options.updates + 1, options.tasks);
  evaluation.successes.resize(options.updates + 1, options.tasks);
  Matrix samples(options.updates + 1, options.tasks);
  const std::int64_t own_tasks = PartOf(options.tasks, ranks.rank(), ranks.size()).count;
  std::atomic<std::int64_t> own_done = 0;
  const std::vector<Adaptation> adaptations =
      AdaptOnRanks(ranks, options.tasks, [&](std::int64_t i) {
        const Address address{.seed = seed, .phase = phase, .task = i};
        Adaptation adaptation = loop.Adapt(state, evaluation.tasks.col(i), address, plan);
        if (progress) progress(++own_done * options.tasks / own_tasks);
        return Adaptation{.facts = std::move(adaptation.facts)};  // the parameters stay here
      });
  for (std::int64_t i = 0; i < options.tasks; ++i) {
    const Matrix& facts = adaptations[static_cast<std::size_t>(i)].facts;
    evaluation.scores.col(i) = facts.row(kScoreFact);
    evaluation.deterministic_scores.col(i) = facts.row(kDeterministicFact);
    evaluation.successes.col(i) = facts.row(kSuccessFact);
    double total = 0;
    for (std::int64_t k = 0; k <= options.updates; ++k) {
      samples(k, i) = total;
      if (std::isfinite(facts(kSamplesFact, k))) total += facts(kSamplesFact, k);
    }
  }
  evaluation.samples = samples.rowwise().mean();
  return evaluation;
}

}  // namespace anole
