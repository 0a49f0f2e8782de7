// Numbers and tables for people. The numbers of a column have the same decimals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"

namespace anole::report {

// How many decimals the numbers of a column share: three digits of the largest one, and more, up to
// two, where neighbours that differ would look the same or a number would look like 0. Numbers that
// are not finite do not count.
int SharedDecimals(VectorIn column);

// "-12.30"; "-" for what is not finite.
std::string DecimalText(double value, int decimals);

// The same of a score, which "failed" where it is no number: updates have broken the parameters.
std::string ScoreText(double value, int decimals);

// "4M" or "500", of environment steps or examples.
std::string SamplesText(std::int64_t samples);

// A column of a table: its heading, and what it says in each line.
struct TableColumn {
  std::string name;
  std::vector<std::string> cells;
  std::size_t min_width = 0;
  bool words = false;  // set to the left, not to the right as numbers
};

// Lines of at most kTextWidth characters, if that can be: headings of several words take several
// lines where that saves width, and columns that still do not fit follow below, with the first
// `keys` columns again before them. All columns have as many cells.
std::string TableText(const std::vector<TableColumn>& columns, std::size_t keys = 1);

// The same for a document: one table, however wide.
std::string MarkdownTable(const std::vector<TableColumn>& columns);

// The same for a paper, with the rules of the package booktabs.
std::string LatexTable(const std::vector<TableColumn>& columns);

// The same for programs: a line of names, then one for each row.
std::string CsvTable(const std::vector<TableColumn>& columns);

// What a table is printed for: --format.
enum class TableForm { kText, kMarkdown, kLatex, kCsv };

// Throws UserError of --format where it is none of "text", "markdown", "latex" and "csv".
TableForm ParseTableForm(const std::string& text);

// A table with what stands above and below it, which CSV leaves out and LaTeX has as comments.
// keys: see TableText.
std::string FormedTable(TableForm form, const std::string& above,
                        const std::vector<TableColumn>& columns, const std::string& below,
                        std::size_t keys = 1);

}  // namespace anole::report
