#include "envs/robot/task_parameters.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "configs/user_error.h"

namespace anole {

std::vector<TaskParameter> ParametersOf(const RobotTask& task) {
  std::vector<TaskParameter> parameters;
  for (const RobotCommand& command : task.robot.commands) {
    if (!command.per_task()) continue;
    parameters.push_back({{command.name, command.unit}, command.range.ranges()});
  }
  for (const Placement& placement : task.placements.all()) {
    if (!placement.per_task()) continue;
    const std::vector<TaskRanges> ranges = placement.ranges();
    std::size_t i = 0;
    for (NamedUnit& name : placement.parameters()) {
      parameters.push_back({std::move(name), ranges[i++]});
    }
  }
  for (const Randomization& randomization : task.randomizations) {
    if (!randomization.per_task()) continue;
    for (NamedUnit& name : randomization.parameters()) {
      parameters.push_back({std::move(name), randomization.options().range.ranges()});
    }
  }
  if (task.latency && task.latency->per_task()) {
    parameters.push_back({{"latency", "s"}, task.latency->range.ranges()});
  }
  for (const auto& motion : task.robot.motions) {
    if (!motion->per_task()) continue;
    TaskRanges ranges = motion->clips().ranges();
    ranges.is_counted = true;
    parameters.push_back({{motion->parameter(), ""}, ranges});
  }
  return parameters;
}

Eigen::Index MotionsOfTasks(const RobotTask& task) {
  return std::ranges::count_if(task.robot.motions,
                               [](const auto& motion) { return motion->per_task(); });
}

void CheckParameterNames(const RobotTask& task) {
  std::vector<std::string> names;
  for (const TaskParameter& parameter : ParametersOf(task)) {
    const std::string& name = parameter.name.name;
    if (std::ranges::count(names, name) > 0) {
      throw OptionError("model", "two parameters of a task are called '" + name +
                                     "': give one [[command]] or [[motion]] another "
                                     "name, or put two [[randomize]] into one");
    }
    names.push_back(name);
  }
}

Vector DrawParameters(const RobotTask& task, Rng& rng, const TaskPlace& place) {
  Vector numbers(static_cast<Eigen::Index>(ParametersOf(task).size()));
  Eigen::Index row = 0;
  for (const RobotCommand& command : task.robot.commands) {
    if (!command.per_task()) continue;
    const auto [low, high] = command.range.At(place);
    numbers[row] = row == 0 ? StratifiedUniform(rng, low, high, place) : rng.Uniform(low, high);
    ++row;
  }
  task.placements.DrawTask(rng, place, numbers.segment(row, task.placements.rows()));
  row += task.placements.rows();
  for (const Randomization& randomization : task.randomizations) {
    if (!randomization.per_task()) continue;
    for (Eigen::Index i = 0; i < randomization.count(); ++i) {
      numbers[row++] = randomization.DrawAt(place, rng);
    }
  }
  if (task.latency && task.latency->per_task()) {
    const auto [low, high] = task.latency->range.At(place);
    numbers[row++] = rng.Uniform(low, high);
  }
  // Where tasks differ in nothing else, they are a list of all clips, one after another.
  const bool is_list = row == 0;
  std::int64_t index = place.index;
  for (const auto& motion : task.robot.motions) {
    if (!motion->per_task()) continue;
    numbers[row++] = is_list ? motion->TakeClip(place, index) : motion->DrawClip(place, rng);
  }
  return numbers;
}

}  // namespace anole
