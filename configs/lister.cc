#include "configs/lister.h"

#include <algorithm>
#include <span>
#include <variant>

#include "configs/constraint.h"
#include "configs/toml_text.h"

namespace anole {
namespace {

const OptionDescription* Find(const std::vector<OptionDescription>& options,
                              const std::string& name) {
  const auto found = std::ranges::find(options, name, &OptionDescription::name);
  return found == options.end() ? nullptr : &*found;
}

// The words that it may be, where it is one of some.
std::vector<std::string> Choices(const OptionValue& value, const OptionInfo& info) {
  const auto* of_enum = std::get_if<EnumValue>(&value);
  return of_enum == nullptr ? info.choices : of_enum->words;
}

std::string Joined(std::span<const std::string_view> conditions) {
  std::string text;
  for (const std::string_view condition : conditions) {
    if (!text.empty() && !condition.empty()) text += " and ";
    text += condition;
  }
  return text;
}

}  // namespace

void OptionLister::Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) {
  for (const OptionDescription& option : options_) {
    if (option.name == name && option.owner == owner_) return;
  }
  options_.push_back({.name = std::string(name),
                      .type = TypeText(value, info),
                      .default_value = TomlText(value),
                      .unit = std::string(info.unit),
                      .range = RangeText(value, info),
                      .help = std::string(info.help),
                      .choices = Choices(value, info),
                      .required = !Violation(value, info).empty(),
                      .path = info.path,
                      .kept = info.kept != nullptr,
                      .use = info.use,
                      .of_run = info.of_run,
                      .owner = owner_,
                      .is_inner_step = info.is_inner_step,
                      .condition = Joined(info.conditions)});
}

std::vector<OptionDifference> Difference(const std::vector<OptionDescription>& stored,
                                         const std::vector<OptionDescription>& current) {
  std::vector<OptionDifference> differences;
  for (const OptionDescription& option : stored) {
    if (option.kept) continue;
    const OptionDescription* other = Find(current, option.name);
    const std::string value = other == nullptr ? "" : other->default_value;
    if (value != option.default_value) {
      differences.push_back({option.name, option.default_value, value, option.use, option.of_run});
    }
  }
  for (const OptionDescription& option : current) {
    if (!option.kept && Find(stored, option.name) == nullptr) {
      differences.push_back({option.name, "", option.default_value, option.use, option.of_run});
    }
  }
  return differences;
}

}  // namespace anole
