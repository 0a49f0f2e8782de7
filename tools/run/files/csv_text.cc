#include "tools/run/files/csv_text.h"

#include <algorithm>
#include <cctype>

namespace anole {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What is between the cells: that of the three of which the first line has most.
char Separator(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (std::ranges::count(line, candidate) > std::ranges::count(line, best)) best = candidate;
  }
  return best;
}

// "0,25" -> "0.25".
void MakePoint(std::string& cell) {
  const bool is_number = std::ranges::all_of(cell, [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
           std::string_view(",+-eE").find(c) != std::string_view::npos;
  });
  const std::size_t comma = cell.find(',');
  if (is_number && comma != std::string::npos) cell[comma] = '.';
}

}  // namespace

std::string PlainCsv(std::string_view text) {
  const bool has_mark = text.starts_with(kByteOrderMark);
  if (has_mark) text.remove_prefix(kByteOrderMark.size());
  const char separator = Separator(text);
  if (!has_mark && separator == ',' && text.find_first_of("\r\"") == std::string_view::npos) {
    return std::string(text);
  }
  std::string plain, cell;
  bool quoted = false;
  const auto end_cell = [&](char end) {
    if (separator != ',') MakePoint(cell);
    plain += cell + end;
    cell.clear();
  };
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == separator) {
      end_cell(',');
    } else if (!quoted && c == '\n') {
      end_cell('\n');
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (!cell.empty()) end_cell('\n');
  return plain;
}

}  // namespace anole
