// What tasks an evaluation is of, in words that are true of its numbers: in tables, figures and
// reports.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "meta/evaluation.h"

namespace anole::report {

struct EvaluatedTasks {
  std::int64_t tasks = 0;
  std::int64_t trained_on = 0;   // of them
  std::int64_t adaptations = 1;  // to each
  Phase phase = Phase::kTest;

  auto operator<=>(const EvaluatedTasks&) const = default;
};

EvaluatedTasks TasksOf(const Evaluation& evaluation, Phase phase);

// "20 held-out tasks", "8 validation tasks", "2 tasks, also trained on"
std::string TasksLabel(const EvaluatedTasks& tasks);

// The same with how often: "2 tasks, also trained on, 10 adaptations each".
std::string AdaptationsLabel(const EvaluatedTasks& tasks);

// "worst tenth" or, of tasks that have no tenth, "worst task".
std::string WorstLabel(std::int64_t tasks);

}  // namespace anole::report
