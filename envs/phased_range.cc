#include "envs/phased_range.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "configs/toml_text.h"
#include "configs/user_error.h"

namespace anole {

void CheckRange(const std::string& option, const std::vector<double>& range) {
  if (range.size() != 2) throw OptionError(option, "must be two values");
  if (range[0] > range[1]) throw OptionError(option, "the lowest value is above the highest");
}

std::string GrowthOption(Growth growth) {
  return growth == Growth::kTasks ? "growth_tasks" : "growth_iterations";
}

std::string_view PerOf(Growth growth) {
  return growth == Growth::kTasks ? "per = \"task\"" : "per = \"episode\"";
}

void Growing::DescribeWhole(VisitOf<Growing> visit, Growth of, std::string_view help,
                            const std::string& section) {
  visit(section + GrowthOption(of), &Growing::whole,
        {.help = help,
         .unit = of == Growth::kTasks ? "training tasks, meta.batch_size in each iteration"
                                      : "iterations of training",
         .min = 0,
         .max = 1e15});
}

void Growing::DescribeSteps(VisitOf<Growing> visit, const std::string& section) {
  visit(
      section + "growth_steps", &Growing::steps,
      {.help = "it grows in so many equal steps, the first after one of so many parts of that; 0: "
               "evenly all the time",
       .min = 0,
       .max = 1e6});
}

void Growing::Check(const std::string& section) const {
  if (whole == 0 || steps <= whole) return;
  throw OptionError(section + "growth_steps",
                    "is more than the " + std::to_string(whole) + " in which it grows");
}

double Growing::At(std::int64_t index, double start, double end) const {
  if (index >= whole) return end;
  double share = static_cast<double>(index) / static_cast<double>(whole);
  if (steps > 0) {
    const auto all = static_cast<double>(steps);
    share = std::floor(static_cast<double>(index) * all / static_cast<double>(whole)) / all;
  }
  return start + share * (end - start);
}

void PhasedRange::Describe(VisitOf<PhasedRange> visit, const Words& words, Growth growth,
                           bool either) {
  const std::string help = "lowest and highest " + words.what;
  const std::string& section = words.section;
  OptionInfo info = words.limits;
  info.help = help;
  info.min_size = words.is_needed ? 2 : 0;
  info.max_size = 2;
  visit(section + "range", &PhasedRange::range, info);
  info.min_size = 0;
  // Which growth it is, where that may be either one.
  const auto of = [&](const VisitOf<PhasedRange>& visited, Growth one) {
    return either ? visited.Where(one == growth, PerOf(one)) : visited;
  };
  if (const auto tasks = of(visit, Growth::kTasks); tasks && (either || growth == Growth::kTasks)) {
    info.help = "the same of held-out tasks, never of training and validation; []: as range";
    tasks(section + "test_range", &PhasedRange::test_range, info);
  }
  info.help = "the same as training begins, from easy to hard; []: as range";
  visit(section + "start_range", &PhasedRange::start_range, info);
  const auto starts = visit.Where(!visit->start_range.empty(), "start_range is set");
  if (!starts) return;
  for (const Growth one : {Growth::kTasks, Growth::kIterations}) {
    const auto where = of(starts, one);
    if (!where || (!either && one != growth)) continue;
    Growing::DescribeWhole(where.In(&PhasedRange::growth), one,
                           "after so many, start_range has become range", section);
  }
  Growing::DescribeSteps(starts.In(&PhasedRange::growth), section);
}

void PhasedRange::Check(const std::string& section, const std::string& name,
                        Growth growth_of) const {
  const std::string whole = section + name, start = section + "start_" + name;
  const auto check = [&](const std::string& option, const std::vector<double>& ends) {
    if (ends.empty()) return;
    if (range.empty()) throw OptionError(option, "without " + whole);
    if (ends.size() != 2) throw OptionError(option, "must be two values, or none");
    CheckRange(option, ends);
  };
  check(section + "test_" + name, test_range);
  check(start, start_range);
  CheckRange(whole, range);
  if (start_range.empty()) return;
  if (start_range[0] < range[0] || start_range[1] > range[1]) {
    throw OptionError(start, "must lie within " + whole + " = " + TomlText(range));
  }
  if (growth.whole == 0) {
    throw OptionError(section + GrowthOption(growth_of),
                      "must be set: how soon " + start + " becomes " + whole);
  }
  growth.Check(section);
}

TaskRange PhasedRange::Of(Phase phase) const {
  const bool own = phase == Phase::kTest && !test_range.empty();
  const std::vector<double>& ends = own ? test_range : range;
  return {ends[0], ends[1]};
}

TaskRange PhasedRange::At(const TaskPlace& place) const {
  const TaskRange whole = Of(place.phase);
  if (place.phase != Phase::kTrain || start_range.empty()) return whole;
  return {growth.At(place.index, start_range[0], whole.low),
          growth.At(place.index, start_range[1], whole.high)};
}

std::string TaskRanges::WhyNot(double value) const {
  if (!is_counted) return "";
  const auto [low, high] = whole();
  if (value == std::round(value) && low <= value && value <= high) return "";
  return "must be a whole number from " + std::to_string(std::lround(low)) + " to " +
         std::to_string(std::lround(high));
}

std::string WhyNoTask(const std::vector<NamedUnit>& names, const std::vector<TaskRanges>& ranges,
                      VectorIn task) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::string why_not = ranges[i].WhyNot(task[static_cast<Eigen::Index>(i)]);
    if (!why_not.empty()) return names[i].name + " " + why_not;
  }
  return "";
}

TaskRange TaskRanges::whole() const {
  return {std::min(train.low, test.low), std::max(train.high, test.high)};
}

}  // namespace anole
