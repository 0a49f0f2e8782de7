#include "tools/metrics_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "configs/user_error.h"
#include "tools/durable_file.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRowStart = "{\"iteration\":";  // of a line of metrics.jsonl

// The iteration of a line in either file, or -1 for the names.
std::int64_t Iteration(const std::string& line) {
  const char* number = line.c_str() + (line.starts_with(kRowStart) ? kRowStart.size() : 0);
  char* end = nullptr;
  const std::int64_t iteration = std::strtoll(number, &end, 10);
  return end == number ? -1 : iteration;
}

// Cuts off the rows after `iteration`, and a row that was being written. Where it lies: what stays
// is never out of the file, whenever the machine stops.
void Cut(const fs::path& path, std::int64_t iteration) {
  if (!fs::exists(path)) return;
  std::ifstream file(path, std::ios::binary);
  std::uintmax_t kept = 0;
  std::string line;
  while (std::getline(file, line) && !file.eof() && Iteration(line) <= iteration) {
    kept += line.size() + 1;
  }
  fs::resize_file(path, kept);
}

std::ofstream OpenToAppend(const fs::path& path) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  if (!file) throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
  return file;
}

// In one piece: a row is never half in the file while the process lives.
void WriteLine(const std::string& line, const fs::path& path, std::ofstream& file) {
  errno = 0;
  file << line << std::flush;
  if (!file) throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
  // A file that was removed can still be written to, and nobody would notice for hours.
  if (!fs::exists(path)) {
    throw fs::filesystem_error("was removed", path,
                               std::make_error_code(std::errc::no_such_file_or_directory));
  }
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

}  // namespace

MetricsTable ReadMetrics(const fs::path& csv) {
  std::ifstream file(csv, std::ios::binary);
  std::string line;
  MetricsTable table;
  if (std::getline(file, line)) table.names = Cells(line);
  // A line that is being written has no end yet.
  while (std::getline(file, line) && !file.eof()) {
    std::vector<double>& row = table.rows.emplace_back(table.names.size(), std::nan(""));
    const std::vector<std::string> cells = Cells(line);
    for (std::size_t i = 0; i < std::min(cells.size(), row.size()); ++i) {
      if (!cells[i].empty()) row[i] = std::strtod(cells[i].c_str(), nullptr);
    }
  }
  return table;
}

MetricsLog::MetricsLog(const fs::path& csv, const fs::path& jsonl, std::int64_t iteration)
    : csv_(csv), jsonl_(jsonl) {
  Cut(csv, iteration);
  Cut(jsonl, iteration);
  names_ = ReadMetrics(csv).names;
  csv_file_ = OpenToAppend(csv);
  jsonl_file_ = OpenToAppend(jsonl);
}

void MetricsLog::Write(const MetricsRow& row) {
  std::vector<std::string> names;
  std::string values, json;
  for (const auto& [name, value] : row) {
    const std::string text = std::isfinite(value) ? fmt::format("{}", value) : "";
    values += (names.empty() ? "" : ",") + text;
    json +=
        fmt::format("{}\"{}\":{}", names.empty() ? "{" : ",", name, text.empty() ? "null" : text);
    names.push_back(name);
  }
  if (names_.empty()) {
    WriteLine(fmt::format("{}\n", fmt::join(names, ",")), csv_, csv_file_);
    names_ = names;
  }
  if (names != names_) {
    throw UserError(csv_.string() +
                    ": was written by another version of anole, with other columns; "
                    "go on with that one, or move the file away");
  }
  WriteLine(values + "\n", csv_, csv_file_);
  WriteLine(json + "}\n", jsonl_, jsonl_file_);
}

void MetricsLog::Sync() const {
  anole::Sync(csv_);
  anole::Sync(jsonl_);
  anole::Sync(csv_.parent_path());  // their names
}

}  // namespace anole
