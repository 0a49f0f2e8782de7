// What tables and JSON tell of one evaluation after some updates: means over its tasks.
#pragma once

#include "meta/evaluation.h"

namespace anole::report {

using Measure = double (*)(const Evaluation&, Eigen::Index update, bool higher_is_better);

inline double MeanScore(const Evaluation& evaluation, Eigen::Index update,
                        bool /*higher_is_better*/) {
  return evaluation.scores.row(update).mean();
}

// Of the worst tasks, see Summarize.
inline double WorstScore(const Evaluation& evaluation, Eigen::Index update, bool higher_is_better) {
  return Summarize(evaluation, evaluation.scores.row(update), higher_is_better).worst;
}

// NaN where the family knows no success.
inline double SuccessRate(const Evaluation& evaluation, Eigen::Index update,
                          bool /*higher_is_better*/) {
  return evaluation.successes.row(update).mean();
}

}  // namespace anole::report
