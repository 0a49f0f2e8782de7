#include "tools/run/option_rules.h"

#include <algorithm>
#include <variant>

#include "configs/user_error.h"

namespace anole {
namespace {

std::string SectionOf(const std::string& name) { return name.substr(0, name.find('.')); }

double ToDouble(const Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

// Whether both are the same value: 1 is 1.0.
bool Same(const SettingValue& a, const SettingValue& b) {
  const auto* const x = std::get_if<Number>(&a);
  const auto* const y = std::get_if<Number>(&b);
  if (x != nullptr && y != nullptr) return ToDouble(*x) == ToDouble(*y);
  const auto* const list = std::get_if<std::vector<Number>>(&a);
  const auto* const other = std::get_if<std::vector<Number>>(&b);
  if (list != nullptr && other != nullptr) {
    return std::ranges::equal(*list, *other, {}, ToDouble, ToDouble);
  }
  return a == b;
}

}  // namespace

std::string ResumableOptions(const std::vector<OptionDescription>& catalogue) {
  std::vector<std::string> names;
  for (const OptionDescription& option : catalogue) {
    if (!MayChangeOnResume(option.use)) continue;
    const std::string section = SectionOf(option.name);
    const bool whole = std::ranges::all_of(catalogue, [&](const OptionDescription& other) {
      return SectionOf(other.name) != section || MayChangeOnResume(other.use);
    });
    const std::string name = whole ? section + ".*" : option.name;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void CheckActsOnAdaptation(const Setting& typed, const Settings& stored,
                           const std::vector<OptionDescription>& catalogue, bool takes_random) {
  const auto option = std::ranges::find(catalogue, typed.name, &OptionDescription::name);
  if (option == catalogue.end() || ActsOnAdaptation(option->use)) return;
  if (option->use == Use::kPolicy) {
    const Setting* const own = stored.Find(typed.name);
    if (own != nullptr && Same(own->value, typed.value)) return;
    throw UserError(typed.Where() +
                    ": says what the parameters are, and these were trained with another value" +
                    (own == nullptr ? "" : " (" + own->Where() + ")") +
                    "; it can be changed for a new run only");
  }
  if (option->use == Use::kStart) {
    if (takes_random) return;
    throw UserError(typed.Where() +
                    ": has a part in training and in random parameters only, and does nothing to "
                    "trained ones; --evaluation.seed draws other tasks and episodes");
  }
  throw UserError(typed.Where() + ": has a part in training only, and does nothing here");
}

}  // namespace anole
