#include "configs/constraint.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "configs/toml_text.h"

namespace anole {
namespace {

std::string BoundText(double bound) {
  std::string text = TomlText(bound);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string ElementRange(const OptionInfo& info) {
  const bool has_max = std::isfinite(info.max);
  if (info.positive && info.min <= 0) {
    return "above 0" + (has_max ? ", at most " + BoundText(info.max) : "");
  }
  if (std::isfinite(info.min) && has_max) {
    return BoundText(info.min) + " to " + BoundText(info.max);
  }
  if (std::isfinite(info.min)) return "at least " + BoundText(info.min);
  return has_max ? "at most " + BoundText(info.max) : "";
}

std::string SizeRange(const OptionInfo& info) {
  constexpr auto kNoLimit = std::numeric_limits<std::int64_t>::max();
  const auto values = [](std::int64_t n) {
    return std::to_string(n) + (n == 1 ? " value" : " values");
  };
  if (info.min_size == info.max_size) return values(info.min_size);
  if (info.min_size > 0 && info.max_size < kNoLimit) {
    return std::to_string(info.min_size) + " to " + values(info.max_size);
  }
  if (info.min_size > 0) return "at least " + values(info.min_size);
  return info.max_size < kNoLimit ? "at most " + values(info.max_size) : "";
}

std::string ListRange(const OptionInfo& info) {
  std::string size = SizeRange(info);
  const std::string element = ElementRange(info);
  if (element.empty()) return size;
  return (size.empty() ? "" : size + ", ") + "all " + element;
}

bool IsFinite(double value) { return std::isfinite(value); }
bool IsFinite(std::int64_t) { return true; }

template <class T>
bool InRange(T value, const OptionInfo& info) {
  const auto number = static_cast<double>(value);
  return number >= info.min && number <= info.max && (number > 0 || !info.positive);
}

std::string Ranged(const std::string& range, const OptionInfo& info) {
  const std::string unit = info.unit.empty() ? "" : " [" + std::string(info.unit) + "]";
  return "must be " + range + unit;
}

std::string ViolationOf(bool, const OptionInfo&) { return ""; }

std::string ViolationOf(const std::string& word, const std::vector<std::string>& words) {
  return std::ranges::find(words, word) != words.end() ? "" : "must be " + OneOf(words);
}

std::string ViolationOf(const std::string& value, const OptionInfo& info) {
  if (static_cast<std::int64_t>(value.size()) < info.min_size) return "must not be empty";
  return info.choices.empty() ? "" : ViolationOf(value, info.choices);
}

std::string ViolationOf(const EnumValue& value, const OptionInfo&) {
  return ViolationOf(value.word, value.words);
}

template <class T>
std::string ViolationOf(T value, const OptionInfo& info) {
  if (!IsFinite(value)) return "must be a finite number";
  return InRange(value, info) ? "" : Ranged(ElementRange(info), info);
}

template <class T>
std::string ViolationOf(const std::vector<T>& values, const OptionInfo& info) {
  const auto size = static_cast<std::int64_t>(values.size());
  bool in_range = size >= info.min_size && size <= info.max_size;
  for (const T value : values) {
    if (!IsFinite(value)) return "must be finite numbers";
    in_range = in_range && InRange(value, info);
  }
  return in_range ? "" : Ranged(ListRange(info), info);
}

}  // namespace

std::string OneOf(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "one of " : ", ") + word;
  return text;
}

std::string TypeText(const OptionValue& value, const OptionInfo& info) {
  struct Name {
    const OptionInfo& info;
    std::string operator()(bool) const { return "true or false"; }
    std::string operator()(std::int64_t) const { return "integer"; }
    std::string operator()(double) const { return "number"; }
    std::string operator()(const std::string&) const {
      return info.path ? "path" : info.choices.empty() ? "text" : "word";
    }
    std::string operator()(const EnumValue&) const { return "word"; }
    std::string operator()(const std::vector<std::int64_t>&) const { return "list of integers"; }
    std::string operator()(const std::vector<double>&) const { return "list of numbers"; }
  };
  return std::visit(Name{info}, value);
}

std::string RangeText(const OptionValue& value, const OptionInfo& info) {
  struct Range {
    const OptionInfo& info;
    std::string operator()(bool) const { return ""; }
    std::string operator()(std::int64_t) const { return ElementRange(info); }
    std::string operator()(double) const { return ElementRange(info); }
    std::string operator()(const std::string&) const {
      return info.min_size > 0 ? (info.path ? "a path" : "not empty") : OneOf(info.choices);
    }
    std::string operator()(const EnumValue& choice) const { return OneOf(choice.words); }
    std::string operator()(const std::vector<std::int64_t>&) const { return ListRange(info); }
    std::string operator()(const std::vector<double>&) const { return ListRange(info); }
  };
  return std::visit(Range{info}, value);
}

std::string Violation(const OptionValue& value, const OptionInfo& info) {
  return std::visit([&info](const auto& of_type) { return ViolationOf(of_type, info); }, value);
}

}  // namespace anole
