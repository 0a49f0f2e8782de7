#include "meta/validation.h"

#include <algorithm>
#include <cmath>

#include "meta/evaluation.h"

namespace anole {

void ValidationOptions::Describe(VisitOf<ValidationOptions> visit, bool rolls_out) {
  visit("validation.every", &ValidationOptions::every,
        {.help = "adapt to the validation tasks after so many iterations each; 0: never",
         .unit = "iterations",
         .min = 0,
         .max = 1e9,
         .use = Use::kTraining});
  const auto where = visit.Where(visit->every > 0, "validation.every is set");
  if (!where) return;
  where("validation.tasks", &ValidationOptions::tasks,
        {.help = "tasks to adapt to, drawn by evaluation.seed; those of a range are never trained "
                 "on",
         .min = 1,
         .max = static_cast<double>(Address::kMaxTask),
         .use = Use::kTraining});
  where("validation.updates", &ValidationOptions::updates,
        {.help = "inner updates of an adaptation",
         .min = 0,
         .max = static_cast<double>(Address::kMaxInnerStep),
         .use = Use::kTraining});
  if (const auto rolled = where.Where(rolls_out, "episodes are rolled out")) {
    rolled("validation.rollouts", &ValidationOptions::rollouts,
           {.help = "episodes that score each update, and feed the next one",
            .min = 1,
            .max = 500000,
            .use = Use::kTraining});
  }
  // Documentation has no number of updates to list the names for.
  const std::vector<std::string> names =
      visit.everything() ? std::vector<std::string>() : visit->MetricNames();
  where("validation.metric", &ValidationOptions::metric,
        {.help = "what the best checkpoint is chosen by: after_K (the score after K updates), mean "
                 "(over all updates), worst_tenth (of the tasks, one at least, after the last "
                 "update)",
         .choices = names,
         .use = Use::kTraining});
  where("validation.patience", &ValidationOptions::patience,
        {.help = "stop after so many validations none of which was the best; 0: never",
         .min = 0,
         .max = 1e9,
         .use = Use::kLength});
}

std::vector<std::string> ValidationOptions::MetricNames() const {
  std::vector<std::string> names;
  for (std::int64_t k = 0; k <= updates; ++k) names.push_back("after_" + std::to_string(k));
  names.emplace_back("mean");
  names.emplace_back("worst_tenth");
  return names;
}

std::vector<double> Validate(const InnerLoop& loop, const ValidationOptions& options,
                             std::int64_t seed, MetaState& state, const Communicator& ranks) {
  const Evaluation evaluation = Evaluate(loop, Learned(state), Phase::kValidation,
                                         {.tasks = options.tasks,
                                          .updates = options.updates,
                                          .rollouts = options.rollouts,
                                          .seed = seed,
                                          .deterministic = false},
                                         {}, ranks);
  const bool higher_is_better = loop.spec().higher_is_better;
  const Vector means = evaluation.scores.rowwise().mean();
  std::vector<double> values(means.begin(), means.end());
  // Without any update there is only the score before them.
  values.push_back(means.tail(std::max<std::int64_t>(options.updates, 1)).mean());
  values.push_back(WorstDecile(evaluation.OfTasks(evaluation.scores.bottomRows(1).transpose()),
                               higher_is_better));

  const std::vector<std::string> names = options.MetricNames();
  const auto chosen = std::ranges::find(names, options.metric) - names.begin();
  const double score = values[static_cast<std::size_t>(chosen)];
  const bool better = higher_is_better ? score > state.best.score : score < state.best.score;
  if (better || (std::isnan(state.best.score) && !std::isnan(score))) {
    state.best = {score, state.iteration, 0};
  } else {
    ++state.best.validations_since;
  }
  return values;
}

}  // namespace anole
