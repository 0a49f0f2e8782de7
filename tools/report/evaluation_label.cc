#include "tools/report/evaluation_label.h"

#include <fmt/format.h>

#include "tools/run/count_text.h"

namespace anole::report {

EvaluatedTasks TasksOf(const Evaluation& evaluation, Phase phase) {
  return {evaluation.tasks.cols(), evaluation.trained_on, evaluation.adaptations, phase};
}

std::string TasksLabel(const EvaluatedTasks& tasks) {
  if (tasks.trained_on == 0) {
    return CountText(tasks.tasks,
                     tasks.phase == Phase::kTest ? "held-out task" : "validation task");
  }
  const std::string count = CountText(tasks.tasks, "task");
  return tasks.trained_on == tasks.tasks
             ? count + ", also trained on"
             : fmt::format("{}, {} of them also trained on", count, tasks.trained_on);
}

std::string AdaptationsLabel(const EvaluatedTasks& tasks) {
  if (tasks.adaptations == 1) return TasksLabel(tasks);
  return fmt::format("{}, {}{}", TasksLabel(tasks), CountText(tasks.adaptations, "adaptation"),
                     tasks.tasks == 1 ? "" : " each");
}

std::string WorstLabel(std::int64_t tasks) {
  return tasks < kTasksOfATenth ? "worst task" : "worst tenth";
}

}  // namespace anole::report
