#include "tools/run/task_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "configs/user_error.h"
#include "meta/evaluation.h"
#include "meta/task_set.h"
#include "tools/run/count_text.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"

namespace anole {
namespace {

constexpr Eigen::Index kListed = 8;  // tasks that a message names

// "1 or -1", of tasks that can be typed so.
std::string ListText(const Matrix& tasks) {
  std::vector<std::string> typed;
  const Eigen::Index told = std::min(tasks.cols(), kListed);
  for (Eigen::Index i = 0; i < told; ++i) typed.push_back(TypedGoal(tasks.col(i)));
  if (told < tasks.cols()) typed.push_back(fmt::format("{} more", tasks.cols() - told));
  return fmt::format("{}", fmt::join(typed, " or "));
}

bool HasColumn(const Matrix& tasks, VectorIn task) {
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) {
    if (tasks.col(i) == task) return true;
  }
  return false;
}

// Whether the user has listed the tasks of a family that has others as well.
bool IsListedByUser(const Experiment& experiment) {
  return std::ranges::any_of(experiment.Options(), [](const OptionDescription& option) {
    return option.name == "task.fixed" && option.default_value != "[]";
  });
}

// "0 to 3 m/s", or "0 to 3 m/s in training, 4 to 5 m/s in tests".
std::string RangesText(const TaskRanges& ranges, const std::string& unit) {
  const auto text = [&](const TaskRange& range) {
    return fmt::format("{:g} to {:g}{}{}", range.low, range.high, unit.empty() ? "" : " ", unit);
  };
  if (ranges.train == ranges.test) return text(ranges.train);
  return fmt::format("{} in training, {} in tests", text(ranges.train), text(ranges.test));
}

}  // namespace

Vector GoalOf(const std::string& text, const Run& run) {
  const Experiment& experiment = run.experiment();
  const InnerLoop& loop = run.loop();
  const InnerLoopSpec& spec = loop.spec();
  const Vector task = ParseGoal(text, spec.task_parameters);
  const Matrix trained = ListedTasks(loop, Phase::kTrain), tested = ListedTasks(loop, Phase::kTest);
  const bool is_listed = trained.cols() > 0 && tested.cols() > 0;
  if (is_listed && !HasColumn(trained, task) && !HasColumn(tested, task)) {
    if (IsListedByUser(experiment)) {
      LogWarning(fmt::format("--goal={}: is none of task.fixed, {}", text, ListText(trained)));
      return task;
    }
    if (trained.cols() > 1) {  // a range of no width lists one, and others are tasks as well
      Matrix all(trained.rows(), trained.cols() + tested.cols());
      all << trained, tested;
      throw UserError(fmt::format("--goal={}: is no task of {}; it must be {}", text,
                                  experiment.family(), ListText(DistinctTasks(all))));
    }
  }
  const std::string why_not = WhyNoTask(spec.task_parameters, spec.task_ranges, task);
  if (!why_not.empty()) throw UserError(fmt::format("--goal={}: {}", text, why_not));
  for (std::size_t i = 0; i < spec.task_ranges.size(); ++i) {
    const TaskRanges& ranges = spec.task_ranges[i];
    if (ranges.Has(task[static_cast<Eigen::Index>(i)])) continue;
    LogWarning(fmt::format("--goal={}: {} is outside {}, the tasks of {}", text,
                           spec.task_parameters[i].name,
                           RangesText(ranges, spec.task_parameters[i].unit), experiment.family()));
  }
  return task;
}

AdaptationRequest TestTask(std::int64_t number, const Run& run) {
  const EvaluationOptions& options = run.experiment().evaluation;
  const Matrix tasks =
      DistinctTasks(run.loop().SampleTasks(static_cast<std::uint64_t>(options.seed), Phase::kTest,
                                           {.count = options.tasks, .strata = options.tasks}));
  if (number >= tasks.cols()) {
    throw UserError(fmt::format("--task={}: there {} {}, from 0 on{}", number,
                                tasks.cols() == 1 ? "is" : "are",
                                CountText(tasks.cols(), "test task"),
                                tasks.cols() < options.tasks ? "" : "; see --evaluation.tasks"));
  }
  return {tasks.col(number), number};
}

AdaptationRequest FurtherTask(const Run& run) {
  const EvaluationOptions& options = run.experiment().evaluation;
  const Matrix further = run.loop().SampleTasks(static_cast<std::uint64_t>(options.seed),
                                                Phase::kTest, {.first = options.tasks, .count = 1});
  return {further.col(0), options.tasks};
}

}  // namespace anole
