#include "tools/run/logs/metrics_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "configs/excerpt.h"
#include "configs/user_error.h"
#include "tools/run/files/csv_text.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/file_blocks.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics_format.h"

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
void Cut(AppendFile& log, std::int64_t iteration) {
  std::istringstream file(ReadWholeFile(log.path()));
  std::uintmax_t kept = 0;
  std::string line;
  while (std::getline(file, line) && !file.eof() && Iteration(line) <= iteration) {
    kept += line.size() + 1;
  }
  log.Cut(kept);
}

void WriteLine(const std::string& line, AppendFile& log) {
  log.Write(line);
  // A file that was removed can still be written to, and nobody would notice for hours.
  if (!fs::exists(log.path())) {
    throw fs::filesystem_error("was removed", log.path(),
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

// The same rows as in metrics.jsonl, where that has them; its numbers are those that were written,
// whereas a spreadsheet saves those that it shows.
std::optional<std::string> CsvOf(const fs::path& jsonl) try {
  std::istringstream file(ReadWholeFile(jsonl));
  std::string names, rows;
  for (std::string line; std::getline(file, line) && !file.eof();) {
    std::string header, row;
    const auto values = nlohmann::ordered_json::parse(line);
    for (const auto& [name, value] : values.items()) {
      header += (header.empty() ? "" : ",") + name;
      const std::string number = value.is_null() ? "" : fmt::format("{}", value.get<double>());
      row += (row.empty() ? "" : ",") + number;
    }
    if (!names.empty() && header != names) return std::nullopt;
    names = header;
    rows += row + "\n";
  }
  return names.empty() ? std::nullopt : std::optional(names + "\n" + rows);
} catch (const nlohmann::json::exception&) {
  return std::nullopt;
}

// Makes a file that a spreadsheet has saved into what it was.
void RestoreCsv(const fs::path& csv, const fs::path& jsonl) {
  const std::string text = ReadWholeFile(csv), plain = PlainCsv(text);
  if (plain == text) return;
  const std::optional<std::string> original = CsvOf(jsonl);
  const auto lines = [](const std::string& t) { return std::ranges::count(t, '\n'); };
  const bool is_same =
      original && lines(*original) == lines(plain) &&
      original->substr(0, original->find('\n')) == plain.substr(0, plain.find('\n'));
  WriteWholeFile(csv, is_same ? *original : plain);
  LogInfo(csv.string() + ": had been saved by another program, and is now as it was before");
}

// NaN where it is none.
double ToNumber(const std::string& cell) {
  double number = 0;
  const auto [rest, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && rest == cell.data() + cell.size() ? number : std::nan("");
}

}  // namespace

MetricsTable ReadMetrics(const fs::path& csv) {
  if (fs::exists(csv) && !fs::is_regular_file(csv)) {
    throw UserError(csv.string() + ": is no regular file");
  }
  std::istringstream file(PlainCsv(ReadWholeFile(csv)));
  std::string line;
  MetricsTable table;
  if (std::getline(file, line)) table.names = Cells(line);
  std::size_t number = 1;  // of the line
  // A line that is being written has no end yet.
  while (std::getline(file, line) && !file.eof()) {
    ++number;
    const std::vector<std::string> cells = Cells(line);
    const auto wrong = [&](const std::string& problem) {
      return UserError(
          fmt::format("{}:{}: {}; is the file as anole wrote it?", csv.string(), number, problem));
    };
    if (cells.size() != table.names.size()) {
      throw wrong(
          fmt::format("has {} cells, the first line has {}", cells.size(), table.names.size()));
    }
    std::vector<double>& row = table.rows.emplace_back();
    for (const std::string& cell : cells) {
      row.push_back(cell.empty() ? std::nan("") : ToNumber(cell));
      if (!cell.empty() && std::isnan(row.back())) {
        throw wrong("'" + Excerpt(cell, 40) + "' is no number");
      }
    }
  }
  return table;
}

MetricsLog::MetricsLog(const fs::path& csv, const fs::path& jsonl, std::int64_t iteration)
    : jsonl_(jsonl) {
  csv_ = std::make_unique<AppendFile>(
      csv);  // refused where it is a link, before anything of it is read
  RestoreCsv(csv, jsonl);
  csv_ = std::make_unique<AppendFile>(csv);
  Cut(*csv_, iteration);
  Cut(jsonl_, iteration);
  names_ = ReadMetrics(csv).names;
}

void MetricsLog::Write(const MetricsRow& row) {
  std::vector<std::string> added;
  std::string values, json;
  for (const auto& [name, value] : row) {
    json += fmt::format("{}\"{}\":{}", json.empty() ? '{' : ',', name,
                        std::isfinite(value) ? fmt::format("{}", value) : "null");
    if (std::ranges::count(names_, name) == 0) added.push_back(name);
  }
  if (!added.empty()) AddColumns(added);
  for (const std::string& name : names_) {
    const auto cell = std::ranges::find(row, name, &MetricsRow::value_type::first);
    const bool is_number = cell != row.end() && std::isfinite(cell->second);
    const std::string text = is_number ? fmt::format("{}", cell->second) : "";
    values += fmt::format("{}{}", values.empty() ? "" : ",", text);
  }
  WriteLine(values + "\n", *csv_);
  WriteLine(json + "}\n", jsonl_);
}

// Rows that are there are kept to the letter. The file is replaced at once: whenever the machine
// stops, it is the old or the new one.
void MetricsLog::AddColumns(const std::vector<std::string>& names) {
  const bool is_new = names_.empty();
  names_.insert(names_.end(), names.begin(), names.end());
  const std::string header = fmt::format("{}\n", fmt::join(names_, ","));
  if (is_new) return WriteLine(header, *csv_);
  const fs::path path = csv_->path();
  std::istringstream file(ReadWholeFile(path));
  std::string line, text = header;
  std::getline(file, line);  // the old names
  const std::string empty = fmt::format("{:,>{}}\n", "", names.size());
  while (std::getline(file, line)) text += line + empty;
  WriteWholeFile(path, text);
  csv_ = std::make_unique<AppendFile>(path);
}

void MetricsLog::Sync() const {
  anole::Sync(csv_->path());
  anole::Sync(jsonl_.path());
  anole::Sync(csv_->path().parent_path());  // their names
}

namespace {

class TableFormat : public MetricsFormat {
 public:
  explicit TableFormat(const MetricsStart& start)
      : log_(start.directory.metrics(), start.directory.metrics_json(), start.state.iteration) {}

  void Write(const MetricsRow& row) override { log_.Write(row); }
  void Sync() override { log_.Sync(); }

 private:
  MetricsLog log_;
};

const RegisterMetricsFormat registration("csv", [](const MetricsStart& start) {
  return std::unique_ptr<MetricsFormat>(std::make_unique<TableFormat>(start));
});

}  // namespace
}  // namespace anole
