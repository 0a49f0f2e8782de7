// Text in a CSV file (RFC 4180).
#pragma once

#include <string>

namespace anole::report {

// In quotes where it holds what would end a cell: names of a robot's parts may be anything.
inline std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + "\"";
}

}  // namespace anole::report
