#include "tools/run/shell_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace anole {
namespace {

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// $'a\nb': what keeps a word with line breaks on one line.
std::string Escaped(const std::string& word) {
  std::string text;
  for (const char c : word) {
    if (c == '\n') {
      text += "\\n";
    } else if (IsControl(c)) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
  }
  return fmt::format("$'{}'", text);
}

}  // namespace

std::string ShellWord(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  if (std::ranges::any_of(word, IsControl)) return Escaped(word);
  std::string text;
  for (const char c : word) {
    if (c == '\'') text += "'\\'";  // ends the quotes, and begins them again after a quote
    text += c;
  }
  return fmt::format("'{}'", text);
}

std::string ShellPath(const std::filesystem::path& path) {
  const std::string text = path.string();
  return ShellWord(text.starts_with('-') ? "./" + text : text);
}

}  // namespace anole
