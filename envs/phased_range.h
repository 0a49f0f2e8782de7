// A range that numbers of tasks are drawn from. Tests may have one of their own: out of the
// distribution that was trained on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/task_list.h"

namespace anole {

struct TaskRange {
  double low = 0, high = 0;

  bool operator==(const TaskRange&) const = default;
  bool Has(double value) const { return low <= value && value <= high; }
};

// What a number of a task is drawn from: in training and validation, and in tests.
struct TaskRanges {
  TaskRange train, test;

  TaskRanges(double low, double high) : train{low, high}, test{low, high} {}
  TaskRanges(const TaskRange& of_training, const TaskRange& of_tests)
      : train(of_training), test(of_tests) {}

  bool is_counted = false;  // of whole numbers alone, as those of motions

  bool Has(double value) const { return train.Has(value) || test.Has(value); }
  TaskRange whole() const;  // from the lowest to the highest value of all phases

  // "must be a whole number from 0 to 3"; "" where the value can be a task's
  std::string WhyNot(double value) const;
};

// Of a task's numbers, with their names: "clip must be a whole number from 0 to 3", or "".
std::string WhyNoTask(const std::vector<NamedUnit>& names, const std::vector<TaskRanges>& ranges,
                      VectorIn task);

// Throws OptionError where these are not two values, or the lowest is above the highest.
void CheckRange(const std::string& option, const std::vector<double>& range);

// In what the growth of a range is counted: of what is drawn for each task, for each episode.
enum class Growth { kTasks, kIterations };

// "growth_tasks", "growth_iterations"
std::string GrowthOption(Growth growth);

// How something grows from its start to its end.
struct Growing {
  std::int64_t whole = 0;  // after so many tasks or iterations it is at its end; 0: all the time
  std::int64_t steps = 0;  // so many equal ones; 0: a little with each task or iteration

  // SECTIONgrowth_tasks or SECTIONgrowth_iterations; help: "after so many, start_range has become
  // range".
  static void DescribeWhole(VisitOf<Growing> visit, Growth of, std::string_view help,
                            const std::string& section = "");
  static void DescribeSteps(VisitOf<Growing> visit, const std::string& section = "");

  // Throws OptionError where there are more steps than tasks or iterations.
  void Check(const std::string& section = "") const;

  // Where it is after `index` tasks or iterations.
  double At(std::int64_t index, double start, double end) const;
};

// The option `per` with which a growth is counted so.
std::string_view PerOf(Growth growth);

struct PhasedRange {
  std::vector<double> range;        // lowest and highest value
  std::vector<double> test_range;   // the same of test tasks, or empty: as range
  std::vector<double> start_range;  // the same of the first training task, or empty: as range
  Growing growth;  // of start_range to range [training tasks; iterations, where it is of episodes]

  // SECTIONrange and those that tests, where it is of tasks, and the beginning of training may have
  // of their own. limits: unit and bounds of all.
  struct Words {
    std::string section, what;  // "task.", "goal velocity"
    OptionInfo limits;
    bool is_needed = true;  // range must be set
  };
  // either: whether an option `per` decides which growth it is.
  static void Describe(VisitOf<PhasedRange> visit, const Words& words,
                       Growth growth = Growth::kTasks, bool either = false);

  // Throws OptionError where a range is missing, upside down, or of one value, or starts outside of
  // itself. The options are SECTIONname, SECTIONtest_name and SECTIONstart_name.
  void Check(const std::string& section = "", const std::string& name = "range",
             Growth growth_of = Growth::kTasks) const;

  TaskRange Of(Phase phase) const;
  // The same, but that of training grows evenly from start_range.
  TaskRange At(const TaskPlace& place) const;
  TaskRange In(std::int64_t iteration) const { return At({.index = iteration}); }  // of episodes
  TaskRanges ranges() const { return {Of(Phase::kTrain), Of(Phase::kTest)}; }
};

}  // namespace anole
