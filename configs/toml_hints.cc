#include "configs/toml_hints.h"

#include <algorithm>

#include "configs/excerpt.h"

namespace anole {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view Trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::string_view Line(std::string_view text, std::size_t number) {
  for (std::size_t i = 1; i < number; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool IsLetter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

// What a text looks like whose quotes are missing: a name, a path.
bool IsBareText(std::string_view value) {
  if (value.empty() || !(IsLetter(value.front()) || value.front() == '/' || value.front() == '~' ||
                         value.front() == '.')) {
    return false;
  }
  return std::ranges::all_of(value, [](char c) {
    return IsLetter(c) || ('0' <= c && c <= '9') ||
           std::string_view("-_./~+ ").find(c) != std::string_view::npos;
  });
}

// Where a string that begins at `place` has ended: behind its last quote, or where the text ends.
std::size_t EndOfString(std::string_view text, std::size_t place) {
  const char quote = text[place];
  const std::string three(3, quote);
  const bool is_long = text.substr(place, 3) == three;
  const std::string_view end = is_long ? std::string_view(three) : text.substr(place, 1);
  for (std::size_t i = place + end.size(); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text.substr(i, end.size()) == end) {
      return i + end.size();
    }
  }
  return text.size();
}

}  // namespace

std::string TomlHint(std::string_view text, std::size_t number) {
  std::string_view line = Line(text, number);
  line = line.substr(0, line.find('#'));
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return "";
  const std::string name(Trimmed(line.substr(0, equals)));
  const std::string value(Trimmed(line.substr(equals + 1)));
  if (name.empty()) return "";
  const auto hint = [&](const std::string& rule, const std::string& right) {
    return "; " + rule + ": " + Excerpt(name) + " = " + right;
  };
  if (value == "True" || value == "TRUE") return hint("write it in small letters", "true");
  if (value == "False" || value == "FALSE") return hint("write it in small letters", "false");
  if (value.starts_with("(") && value.ends_with(")")) {
    return hint("a list has square brackets",
                Excerpt("[" + value.substr(1, value.size() - 2) + "]"));
  }
  if (!IsBareText(value) || value == "true" || value == "false") return "";
  return hint("a text needs quotes", "\"" + Excerpt(value) + "\"");
}

std::size_t DeepestName(std::string_view text) {
  std::size_t deepest = 0, dots = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = EndOfString(text, i);
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '.') deepest = std::max(deepest, ++dots + 1);
    // What cannot stand within a name.
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    ++i;
  }
  return deepest;
}

}  // namespace anole
