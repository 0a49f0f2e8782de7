// metrics.csv and metrics.jsonl: the same rows, one for each meta-iteration.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tools/run/files/durable_file.h"
#include "tools/run/logs/metrics.h"

namespace anole {

// A log as it was written: whole rows only, a number for each name, NaN where there is none.
struct MetricsTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};

// Empty where there is no log yet. Throws UserError with the line that is not as MetricsLog writes
// it.
MetricsTable ReadMetrics(const std::filesystem::path& csv);

// Numbers read back as the same doubles. A value that is not a finite number is left empty in the
// one file and null in the other. Throws std::filesystem::filesystem_error where it cannot write.
class MetricsLog {
 public:
  // Goes on with the logs up to row `iteration`: later rows, of work that was lost, are cut off.
  MetricsLog(const std::filesystem::path& csv, const std::filesystem::path& jsonl,
             std::int64_t iteration);

  // The first row of a run names the columns of the CSV. One that a later row brings, of a version
  // of anole that measures more or of other options, comes after them, empty in the rows before;
  // one that a row lacks is empty in it.
  void Write(const MetricsRow& row);

  // Returns when the rows would survive a power cut. Throws also where the files were taken away.
  void Sync() const;

 private:
  void AddColumns(const std::vector<std::string>& names);

  std::unique_ptr<AppendFile> csv_;  // opened anew where the whole file is replaced
  AppendFile jsonl_;
  std::vector<std::string> names_;
};

}  // namespace anole
