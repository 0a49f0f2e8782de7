#include "tools/run/goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "configs/user_error.h"

namespace anole {

Vector ParseGoal(const std::string& text, const std::vector<NamedUnit>& parameters) {
  std::vector<double> numbers;
  const char* next = text.data();
  const char* const end = text.data() + text.size();
  bool good = true;
  while (good) {
    double number = 0;
    const auto [rest, error] = std::from_chars(next, end, number);
    good = error == std::errc() && std::isfinite(number);
    numbers.push_back(number);
    if (rest == end) break;
    good = good && *rest == ',';
    next = rest + 1;
  }
  if (parameters.empty()) throw UserError("--goal=" + text + ": tasks have no parameters");
  if (!good || numbers.size() != parameters.size()) {
    std::string names;
    for (const NamedUnit& parameter : parameters) {
      names += (names.empty() ? "" : ",") + parameter.name +
               (parameter.unit.empty() ? "" : " [" + parameter.unit + "]");
    }
    throw UserError("--goal=" + text + ": must be " + std::to_string(parameters.size()) +
                    (parameters.size() == 1 ? " number: " : " numbers with commas: ") + names);
  }
  return Eigen::Map<const Vector>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

std::string TypedGoal(VectorIn task) {
  return fmt::format("{}", fmt::join(task.begin(), task.end(), ","));
}

std::string GoalText(VectorIn task, const std::vector<NamedUnit>& parameters) {
  std::string text;
  const std::size_t told = std::min(parameters.size(), kParametersTold);
  for (std::size_t i = 0; i < told; ++i) {
    const auto& [name, unit] = parameters[i];
    text += fmt::format("{}{} {:.3g}{}{}", text.empty() ? "" : ", ", name,
                        task[static_cast<Eigen::Index>(i)], unit.empty() ? "" : " ", unit);
  }
  if (told < parameters.size()) text += fmt::format(" and {} more", parameters.size() - told);
  return text;
}

}  // namespace anole
