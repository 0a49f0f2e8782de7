// A comparison as tables: text and Markdown for people, CSV and JSON for programs.
#pragma once

#include <filesystem>
#include <string>

#include "tools/report/compare/sweep.h"

namespace anole::compare {

// One line for each row: after 0, 1, ... updates the interquartile mean over seeds with its 95 %
// bootstrap interval or, below five seeds, the mean and every seed's value. Then, from five seeds
// on, the difference of each row to the first one, seed by seed. In lines as a terminal shows them.
std::string TextReport(const CompareResult& result);

// The same as a document: tables as wide as they are.
std::string MarkdownReport(const CompareResult& result);

// The same for a paper: its words are comments.
std::string LatexReport(const CompareResult& result);

// A line for each method, seed, task and number of updates.
std::string CsvReport(const CompareResult& result);

std::string JsonReport(const CompareResult& result);

// table.md, table.csv and results.json into the comparison's folder. Throws
// std::filesystem::filesystem_error.
void WriteReports(const CompareResult& result, const std::filesystem::path& folder);

}  // namespace anole::compare
