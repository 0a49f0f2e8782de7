#include "envs/phased_range.h"

#include <algorithm>

#include "configs/user_error.h"

namespace anole {

void CheckRange(const std::string& option, const std::vector<double>& range) {
  if (range.size() != 2) throw OptionError(option, "must be two values");
  if (range[0] > range[1]) throw OptionError(option, "the lowest value is above the highest");
}

void PhasedRange::Describe(VisitOf<PhasedRange> visit, const std::string& section,
                           const std::string& what, const OptionInfo& limits, bool has_tests) {
  const std::string help = "lowest and highest " + what;
  OptionInfo info = limits;
  info.help = help;
  info.min_size = info.max_size = 2;
  visit(section + "range", &PhasedRange::range, info);
  if (!has_tests) return;
  info.help = "the same of held-out tasks, never of training and validation; []: as range";
  info.min_size = 0;
  visit(section + "test_range", &PhasedRange::test_range, info);
}

void PhasedRange::Check(const std::string& section) const {
  CheckRange(section + "range", range);
  if (test_range.empty()) return;
  if (test_range.size() != 2)
    throw OptionError(section + "test_range", "must be two values, or none");
  CheckRange(section + "test_range", test_range);
}

TaskRange PhasedRange::Of(Phase phase) const {
  const bool own = phase == Phase::kTest && !test_range.empty();
  const std::vector<double>& ends = own ? test_range : range;
  return {ends[0], ends[1]};
}

TaskRange TaskRanges::whole() const {
  return {std::min(train.low, test.low), std::max(train.high, test.high)};
}

}  // namespace anole
