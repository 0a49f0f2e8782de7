// Settings in messages and files.
#include <string>
#include <variant>
#include <vector>

#include "configs/excerpt.h"
#include "configs/settings.h"
#include "configs/toml_text.h"

namespace anole {

std::string ValueText(const SettingValue& value) {
  const auto text_of = [](const Number& number) {
    return std::visit([](auto n) { return TomlText(n); }, number);
  };
  if (const auto* number = std::get_if<Number>(&value)) return text_of(*number);
  if (const auto* boolean = std::get_if<bool>(&value)) return TomlText(*boolean);
  if (const auto* string = std::get_if<std::string>(&value)) return TomlText(*string);
  std::string list;
  const auto append = [&](const std::string& element) {
    list += (list.empty() ? "" : ", ") + element;
  };
  if (const auto* numbers = std::get_if<std::vector<Number>>(&value)) {
    for (const Number& number : *numbers) append(text_of(number));
  } else {
    for (const PlainValue& element : std::get<std::vector<PlainValue>>(value)) {
      append(std::visit([](const auto& of_any) { return ValueText(of_any); }, element));
    }
  }
  return "[" + list + "]";
}

std::string Setting::Where() const {
  return typed ? origin : origin + ": " + Excerpt(name) + " = " + Excerpt(ValueText(value));
}

}  // namespace anole
