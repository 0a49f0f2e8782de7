#include "configs/typed_value.h"

#include <charconv>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "configs/toml_text.h"
#include "configs/toml_value.h"
#include "configs/user_error.h"

namespace anole {
namespace {

// TOML has no ".5", "5." and "007", shells and people do.
std::optional<SettingValue> ParseLooseNumber(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return SettingValue(Number(value));
}

// "-2,2"
std::optional<SettingValue> ParseBareList(const std::string& text) {
  std::vector<Number> numbers;
  std::istringstream elements(text);
  for (std::string element; std::getline(elements, element, ',');) {
    element.erase(0, element.find_first_not_of(' '));
    std::optional<SettingValue> value = ParseTomlValue(element);
    if (!value) value = ParseLooseNumber(element);
    if (!value || !std::holds_alternative<Number>(*value)) return std::nullopt;
    numbers.push_back(std::get<Number>(*value));
  }
  return numbers.empty() ? std::nullopt : std::optional<SettingValue>(std::move(numbers));
}

}  // namespace

SettingValue TypedValue(const std::string& text, const std::string& origin) {
  if (auto value = ParseTomlValue(text)) return *value;
  if (auto value = ParseLooseNumber(text)) return *value;
  if (auto value = ParseBareList(text)) return *value;
  // Only bytes that are no UTF-8 make a quoted text invalid; stored, they could not be read back.
  if (!ParseTomlValue(TomlText(text))) throw UserError(origin + ": is not UTF-8 text");
  return text;
}

}  // namespace anole
