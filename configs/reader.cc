#include "configs/reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <variant>

#include "configs/constraint.h"
#include "configs/excerpt.h"
#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {
namespace {

bool Convert(const Number& number, double& target) {
  target = std::visit([](auto n) { return static_cast<double>(n); }, number);
  return true;
}

// 1e6 is an integer, 1.5 and 1e30 are none.
bool Convert(const Number& number, std::int64_t& target) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) {
    target = *integer;
    return true;
  }
  const double value = std::get<double>(number);
  constexpr double kTwoTo63 = 9223372036854775808.0;
  const bool fits = value >= -kTwoTo63 && value < kTwoTo63 && value == std::trunc(value);
  if (!fits) return false;  // the cast would be undefined
  target = static_cast<std::int64_t>(value);
  return true;
}

template <class T>
bool ConvertList(const Setting& setting, std::vector<T>& target) {
  std::vector<Number> numbers;
  if (const auto* list = std::get_if<std::vector<Number>>(&setting.value)) {
    numbers = *list;
  } else if (const auto* number = std::get_if<Number>(&setting.value); number && setting.typed) {
    numbers = {*number};  // --policy.hidden=64
  } else {
    return false;
  }
  target.clear();
  for (const Number& number : numbers) {
    T element{};
    if (!Convert(number, element)) return false;
    target.push_back(element);
  }
  return true;
}

std::optional<std::string> TextOf(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting.value)) return *text;
  return setting.typed;  // a shell has no types: 7 is a fine name there
}

constexpr const char* kNoText = "must be text in quotes";

// Gives the option the value of the setting, or says what the value should be.
struct Assign {
  const Setting& setting;

  std::string operator()(bool* target) const {
    const auto* value = std::get_if<bool>(&setting.value);
    if (value == nullptr) return "must be true or false";
    *target = *value;
    return "";
  }

  std::string operator()(std::int64_t* target) const {
    const auto* number = std::get_if<Number>(&setting.value);
    return number != nullptr && Convert(*number, *target) ? "" : "must be an integer";
  }

  std::string operator()(double* target) const {
    const auto* number = std::get_if<Number>(&setting.value);
    return number != nullptr && Convert(*number, *target) ? "" : "must be a number";
  }

  std::string operator()(std::string* target) const {
    const std::optional<std::string> text = TextOf(setting);
    if (!text) return kNoText;
    *target = *text;
    return "";
  }

  std::string operator()(const EnumTarget& target) const {
    const std::optional<std::string> word = TextOf(setting);
    if (!word) return kNoText;
    const auto known = std::ranges::find(target.words, *word);
    if (known == target.words.end()) {
      return "must be " + OneOf(target.words) + DidYouMean(*word, target.words);
    }
    target.choose(static_cast<std::size_t>(known - target.words.begin()));
    return "";
  }

  std::string operator()(std::vector<std::int64_t>* target) const {
    return ConvertList(setting, *target) ? "" : "must be a list of integers, as in [64, 64]";
  }

  std::string operator()(std::vector<double>* target) const {
    return ConvertList(setting, *target) ? "" : "must be a list of numbers, as in [-2, 2]";
  }
};

std::string NearestChoice(const OptionTarget& value, const OptionInfo& info) {
  const auto* const* word = std::get_if<std::string*>(&value);
  if (word == nullptr) return "";
  return DidYouMean(**word, info.choices);
}

}  // namespace

void SettingsReader::Visit(std::string_view name, OptionTarget value, const OptionInfo& info) {
  visited_.emplace(name);
  const Setting* setting = settings_.Find(name);
  if (setting == nullptr) {
    if (Violation(value, info).empty()) return;
    throw UserError((origin_.empty() ? "" : origin_ + ": ") + std::string(name) + " must be set (" +
                    RangeText(value, info) + ")");
  }
  const std::string problem = std::visit(Assign{*setting}, value);
  if (!problem.empty()) throw UserError(setting->Where() + ": " + problem);
  if (auto* const* path = std::get_if<std::string*>(&value);
      path && info.path && !(*path)->empty()) {
    **path = std::filesystem::absolute(setting->folder / **path).lexically_normal().string();
  }
  const std::string violation = Violation(value, info);
  if (!violation.empty()) {
    throw UserError(setting->Where() + ": " + violation + NearestChoice(value, info));
  }
}

void SettingsReader::RejectUnknown(const std::vector<OptionDescription>& all) const {
  for (const Setting& setting : settings_.all()) {
    if (visited_.contains(setting.name)) continue;
    bool known = false;
    std::string owners;
    std::vector<std::string> names;
    for (const OptionDescription& option : all) {
      names.push_back(option.name);
      if (option.name != setting.name) continue;
      known = true;
      if (!option.owner.empty()) owners += (owners.empty() ? "" : ", ") + option.owner;
    }
    if (!known) {
      throw UserError(setting.origin + ": unknown option " + Excerpt(setting.name) +
                      Suggestion(setting.name, names));
    }
    if (setting.optional) continue;
    throw UserError(setting.origin + ": " + Excerpt(setting.name) + " does not apply here" +
                    (owners.empty() ? "" : "; it is an option of " + owners));
  }
}

}  // namespace anole
