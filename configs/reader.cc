#include "configs/reader.h"

#include <cmath>
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

// Makes the value that of the setting, or says what it should be.
struct Assign {
  const Setting& setting;

  std::string operator()(bool& value) const {
    const auto* given = std::get_if<bool>(&setting.value);
    if (given == nullptr) return "must be true or false";
    value = *given;
    return "";
  }

  std::string operator()(std::int64_t& value) const {
    const auto* number = std::get_if<Number>(&setting.value);
    return number != nullptr && Convert(*number, value) ? "" : "must be an integer";
  }

  std::string operator()(double& value) const {
    const auto* number = std::get_if<Number>(&setting.value);
    return number != nullptr && Convert(*number, value) ? "" : "must be a number";
  }

  std::string operator()(std::string& value) const {
    if (const auto* text = std::get_if<std::string>(&setting.value)) {
      value = *text;
    } else if (setting.typed) {
      value = *setting.typed;  // a shell has no types: 7 is a fine name there
    } else {
      return "must be text in quotes";
    }
    return "";
  }

  std::string operator()(EnumValue& value) const { return (*this)(value.word); }

  std::string operator()(std::vector<std::int64_t>& value) const {
    return ConvertList(setting, value) ? "" : "must be a list of integers, as in [64, 64]";
  }

  std::string operator()(std::vector<double>& value) const {
    return ConvertList(setting, value) ? "" : "must be a list of numbers, as in [-2, 2]";
  }
};

std::string NearestChoice(const OptionValue& value, const OptionInfo& info) {
  if (const auto* name = std::get_if<std::string>(&value)) return DidYouMean(*name, info.choices);
  if (const auto* choice = std::get_if<EnumValue>(&value)) {
    return DidYouMean(choice->word, choice->words);
  }
  return "";
}

}  // namespace

OptionValue SettingsReader::Value(std::string_view name, OptionValue now, const OptionInfo& info) {
  visited_.emplace(name);
  const Setting* setting = settings_.Find(name);
  if (setting == nullptr) {
    if (Violation(now, info).empty()) return now;
    throw UserError((origin_.empty() ? "" : origin_ + ": ") + std::string(name) + " must be set (" +
                    RangeText(now, info) + ")");
  }
  OptionValue value = std::move(now);
  const std::string wrong_type = std::visit(Assign{*setting}, value);
  if (!wrong_type.empty()) throw UserError(setting->Where() + ": " + wrong_type);
  if (auto* path = std::get_if<std::string>(&value); path && info.path && !path->empty()) {
    *path = std::filesystem::absolute(setting->folder / *path).lexically_normal().string();
  }
  const std::string violation = Violation(value, info);
  if (!violation.empty()) {
    throw UserError(setting->Where() + ": " + violation + NearestChoice(value, info));
  }
  return value;
}

void SettingsReader::RejectUnknown(const std::vector<OptionDescription>& all) const {
  for (const Setting& setting : settings_.all()) {
    if (visited_.contains(setting.name)) continue;
    bool known = false;
    std::string owners, conditions;
    std::set<std::string> told;  // of conditions
    std::vector<std::string> names;
    for (const OptionDescription& option : all) {
      names.push_back(option.name);
      if (option.name != setting.name) continue;
      known = true;
      if (!option.owner.empty()) owners += (owners.empty() ? "" : ", ") + option.owner;
      if (option.condition.empty() || !told.insert(option.condition).second) continue;
      conditions += (conditions.empty() ? "; it does where " : ", or where ") + option.condition;
    }
    if (!known) {
      throw UserError(setting.origin + ": unknown option " + Excerpt(setting.name) +
                      Suggestion(setting.name, names));
    }
    if (setting.optional) continue;
    throw UserError(setting.origin + ": " + Excerpt(setting.name) + " does not apply here" +
                    (owners.empty() ? "" : "; it is an option of " + owners) + conditions);
  }
}

}  // namespace anole
