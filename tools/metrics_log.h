// metrics.csv: one row for each meta-iteration.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "meta/trainer.h"

namespace anole {

using MetricsRow = std::vector<std::pair<std::string, double>>;

// What a row tells of an iteration, all but the time it took. state: after the iteration.
MetricsRow Metrics(const MetaState& state, const InnerLoopSpec& spec, const IterationFacts& facts);

// A log as it was written: whole rows only, a number for each name, NaN where there is none.
struct MetricsTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};

// Empty where there is no log yet.
MetricsTable ReadMetrics(const std::filesystem::path& path);

class MetricsLog {
 public:
  // Goes on with a log up to row `iteration`: later rows, of work that was lost, are cut off.
  MetricsLog(std::filesystem::path path, std::int64_t iteration);

  // Writes the header if this is the first row. Numbers read back as the same doubles; a value that
  // is not a number is left empty.
  void Write(const MetricsRow& row);

 private:
  std::filesystem::path path_;
  std::ofstream file_;
  bool has_header_ = false;
};

}  // namespace anole
