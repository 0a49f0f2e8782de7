#include "tools/report/table_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <sstream>
#include <string_view>

#include "configs/suggest.h"
#include "configs/text_lines.h"
#include "configs/user_error.h"
#include "tools/report/csv_cell.h"

namespace anole::report {
namespace {

constexpr int kDigits = 3, kMoreDecimals = 2, kMostDecimals = 12;
constexpr std::string_view kGap = "  ";

// How many lines of a column say less than the numbers do.
int CountHidden(VectorIn column, int decimals) {
  int hidden = 0;
  for (Eigen::Index i = 0; i < column.size(); ++i) {
    if (!std::isfinite(column[i])) continue;
    const std::string text = DecimalText(column[i], decimals);
    if (column[i] != 0 && text == DecimalText(0, decimals)) ++hidden;
    if (i > 0 && column[i - 1] != column[i] && text == DecimalText(column[i - 1], decimals)) {
      ++hidden;
    }
  }
  return hidden;
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// A column as it is printed: the lines of its heading, from the last one up, and its width.
struct Laid {
  const TableColumn* column;
  std::vector<std::string> heading;
  std::size_t width;
};

Laid Lay(const TableColumn& column, bool one_line) {
  Laid laid{&column, {column.name}, column.min_width};
  for (const std::string& cell : column.cells) laid.width = std::max(laid.width, cell.size());
  if (!one_line && column.name.size() > laid.width) {
    laid.heading = Words(column.name);
    std::ranges::reverse(laid.heading);
  }
  for (const std::string& line : laid.heading) laid.width = std::max(laid.width, line.size());
  return laid;
}

std::vector<Laid> LayAll(std::span<const TableColumn> columns, bool one_line) {
  std::vector<Laid> laid;
  for (const TableColumn& column : columns) laid.push_back(Lay(column, one_line));
  return laid;
}

std::size_t Width(std::span<const Laid> columns) {
  std::size_t width = 0;
  for (const Laid& column : columns) width += (width == 0 ? 0 : kGap.size()) + column.width;
  return width;
}

std::string Block(std::span<const Laid> columns) {
  std::size_t heading = 0;
  for (const Laid& column : columns) heading = std::max(heading, column.heading.size());
  std::string text;
  const auto line = [&](auto&& cell) {
    std::string cells;
    for (const Laid& column : columns) {
      const std::string word = cell(column), pad(column.width - word.size(), ' ');
      cells += fmt::format("{}{}", &column == columns.data() ? "" : kGap,
                           column.column->words ? word + pad : pad + word);
    }
    cells.erase(cells.find_last_not_of(' ') + 1);
    text += cells + "\n";
  };
  for (std::size_t i = heading; i-- > 0;) {
    line([&](const Laid& c) { return i < c.heading.size() ? c.heading[i] : std::string(); });
  }
  for (std::size_t row = 0; row < columns.front().column->cells.size(); ++row) {
    line([&](const Laid& c) { return c.column->cells[row]; });
  }
  return text;
}

}  // namespace

int SharedDecimals(VectorIn column) {
  double largest = 0;
  for (const double value : column) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  if (largest == 0) return 1;
  const int magnitude = static_cast<int>(std::floor(std::log10(largest)));
  // A decimal is shown of numbers below a thousand: most returns are.
  const int least = std::clamp(kDigits - 1 - magnitude, magnitude < 3 ? 1 : 0, kMostDecimals);
  int best = least;
  for (int more = 1; more <= kMoreDecimals; ++more) {
    if (CountHidden(column, least + more) < CountHidden(column, best)) best = least + more;
  }
  return best;
}

std::string DecimalText(double value, int decimals) {
  if (!std::isfinite(value)) return "-";
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  // No number is minus nothing.
  return text.starts_with('-') && text.find_first_of("123456789") == std::string::npos
             ? text.substr(1)
             : text;
}

std::string ScoreText(double value, int decimals) {
  return std::isnan(value) ? "failed" : DecimalText(value, decimals);
}

std::string SamplesText(std::int64_t samples) {
  const auto value = static_cast<double>(samples);
  if (samples == 0) return "0";
  return value < 1e4 ? fmt::format("{}", samples) : fmt::format("{:.3g}M", value / 1e6);
}

std::string TableText(const std::vector<TableColumn>& columns, std::size_t keys) {
  std::vector<Laid> laid = LayAll(columns, /*one_line=*/true);
  if (Width(laid) > kTextWidth) laid = LayAll(columns, /*one_line=*/false);
  std::string text;
  const std::span<const Laid> first(laid.data(), std::min(keys, laid.size()));
  std::size_t next = first.size();
  do {
    std::vector<Laid> block(first.begin(), first.end());
    do {
      if (next < laid.size()) block.push_back(laid[next++]);
    } while (next < laid.size() && Width(block) + kGap.size() + laid[next].width <= kTextWidth);
    if (!text.empty()) text += '\n';
    text += Block(block);
  } while (next < laid.size());
  return text;
}

std::string MarkdownTable(const std::vector<TableColumn>& columns) {
  std::string names = "|", rule = "|";
  for (const TableColumn& column : columns) {
    names += fmt::format(" {} |", column.name);
    rule += "---|";
  }
  std::string text = names + "\n" + rule + "\n";
  for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
    text += "|";
    for (const TableColumn& column : columns) text += fmt::format(" {} |", column.cells[row]);
    text += "\n";
  }
  return text;
}

std::string LatexTable(const std::vector<TableColumn>& columns) {
  const auto escaped = [](const std::string& text) {
    std::string latex;
    for (const char c : text) {
      if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) latex += '\\';
      latex += c;
    }
    // A number is less than nothing by a minus sign: in text, a hyphen is shorter.
    for (std::size_t at = 0; at + 1 < latex.size(); ++at) {
      const bool begins = at == 0 || latex[at - 1] == ' ' || latex[at - 1] == '(';
      const bool is_digit = latex[at + 1] >= '0' && latex[at + 1] <= '9';
      if (latex[at] == '-' && begins && is_digit) latex.replace(at, 1, "$-$");
    }
    for (auto at = latex.find("+-"); at != std::string::npos; at = latex.find("+-", at)) {
      latex.replace(at, 2, "$\\pm$");
    }
    return latex;
  };
  const auto line = [&](const auto& cell_of) {
    std::vector<std::string> cells;
    for (const TableColumn& column : columns) cells.push_back(escaped(cell_of(column)));
    return fmt::format("{} \\\\\n", fmt::join(cells, " & "));
  };
  std::string places, lines;
  for (const TableColumn& column : columns) places += column.words ? 'l' : 'r';
  for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
    lines += line([&](const TableColumn& column) { return column.cells[row]; });
  }
  return fmt::format(
      "\\begin{{tabular}}{{{}}}\n\\toprule\n{}\\midrule\n{}\\bottomrule\n\\end{{tabular}}\n",
      places, line([](const TableColumn& column) { return column.name; }), lines);
}

std::string CsvTable(const std::vector<TableColumn>& columns) {
  const auto line = [&](const auto& cell_of) {
    std::vector<std::string> cells;
    for (const TableColumn& column : columns) cells.push_back(CsvCell(cell_of(column)));
    return fmt::format("{}\n", fmt::join(cells, ","));
  };
  std::string text = line([](const TableColumn& column) { return column.name; });
  for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
    text += line([&](const TableColumn& column) { return column.cells[row]; });
  }
  return text;
}

TableForm ParseTableForm(const std::string& text) {
  const std::vector<std::string> names = {"text", "markdown", "latex", "csv"};
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) {
    throw UserError(fmt::format("--format={}: must be text, markdown, latex or csv{}", text,
                                DidYouMean(text, names)));
  }
  return static_cast<TableForm>(found - names.begin());
}

std::string FormedTable(TableForm form, const std::string& above,
                        const std::vector<TableColumn>& columns, const std::string& below,
                        std::size_t keys) {
  const auto commented = [](const std::string& text) {
    std::string comments;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) comments += fmt::format("% {}\n", line);
    return comments;
  };
  switch (form) {
    case TableForm::kText:
      return fmt::format("{}{}{}", above, TableText(columns, keys), below);
    case TableForm::kMarkdown:
      return fmt::format("{}\n{}{}{}", above, MarkdownTable(columns), below.empty() ? "" : "\n",
                         below);
    case TableForm::kLatex:
      return fmt::format("{}{}{}", commented(above), LatexTable(columns), commented(below));
    case TableForm::kCsv:
      break;
  }
  return CsvTable(columns);
}

}  // namespace anole::report
