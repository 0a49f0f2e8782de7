#include "configs/text_lines.h"

#include <algorithm>
#include <sstream>

namespace anole {

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::vector<std::string> Wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::istringstream paragraphs{std::string(text)};
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    lines.emplace_back();
    std::istringstream words(paragraph);
    for (std::string word; words >> word;) {
      if (!lines.back().empty() && Columns(lines.back()) + 1 + Columns(word) > width) {
        lines.emplace_back();
      }
      lines.back() += (lines.back().empty() ? "" : " ") + word;
    }
  }
  return lines;
}

std::string Beside(std::string_view left, std::string_view text, std::size_t indent) {
  std::string entry(left);
  std::size_t column = Columns(entry);
  bool beside = column + (column > 0 ? 2 : 0) <= indent;
  for (const std::string& line : Wrap(text, kTextWidth - indent)) {
    if (!beside) {
      entry += "\n";
      column = 0;
    }
    entry += std::string(indent - column, ' ') + line;
    beside = false;
  }
  return entry + "\n";
}

}  // namespace anole
