#include "configs/toml_text.h"

#include <charconv>
#include <cmath>
#include <variant>

namespace anole {
namespace {

template <class T>
std::string ListText(const std::vector<T>& values) {
  std::string text = "[";
  for (const T value : values) text += (text.size() > 1 ? ", " : "") + TomlText(value);
  return text + "]";
}

}  // namespace

std::string TomlText(bool value) { return value ? "true" : "false"; }

std::string TomlText(std::int64_t value) { return std::to_string(value); }

std::string TomlText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  // std::to_chars alone would write 100000.0 as 1e+05.
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e15);
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(digits, end.ptr);
  std::erase(text, '+');
  if (plain && text.find('.') == std::string::npos) text += ".0";  // else it reads as an integer
  return text;
}

std::string TomlText(const std::string& value) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string text = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      text += {'\\', 'u', '0', '0', kHex[byte / 16], kHex[byte % 16]};
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string TomlText(const std::vector<std::int64_t>& values) { return ListText(values); }

std::string TomlText(const std::vector<double>& values) { return ListText(values); }

std::string TomlText(const EnumValue& value) { return TomlText(value.word); }

std::string TomlText(const OptionValue& value) {
  return std::visit([](const auto& of_type) { return TomlText(of_type); }, value);
}

}  // namespace anole
