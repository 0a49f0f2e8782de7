// An evaluation as tables and as JSON.
#pragma once

#include <optional>
#include <string>

#include "agents/inner_loop.h"
#include "meta/evaluation.h"

namespace anole {

struct EvaluationReport {
  const Evaluation& evaluation;
  const std::optional<Evaluation>& baseline;  // of random initial parameters, where asked for
  std::string family;
  const InnerLoopSpec& spec;
  std::string task_name;    // "held-out task"
  std::string step_option;  // "inner.step_size", which says how long an inner step is
};

// A line for each number of updates: mean over tasks and its interval, spread, worst tenth; "failed"
// where updates have broken a task's parameters, and a line that says so.
std::string TableText(const EvaluationReport& report);

// A line for each task: its parameters and its score after each number of updates.
std::string TasksText(const EvaluationReport& report);

std::string JsonText(const EvaluationReport& report);

}  // namespace anole
