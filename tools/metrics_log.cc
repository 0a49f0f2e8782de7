#include "tools/metrics_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <system_error>

namespace anole {
namespace {

// Size of the header and the rows up to `iteration` in a log that may end in the middle of a line.
std::uintmax_t KeptBytes(const std::filesystem::path& path, std::int64_t iteration) {
  std::ifstream file(path, std::ios::binary);
  std::uintmax_t kept = 0;
  std::string line;
  while (std::getline(file, line) && !file.eof()) {
    const bool is_header = kept == 0;
    if (!is_header && std::strtoll(line.c_str(), nullptr, 10) > iteration) break;
    kept += line.size() + 1;
  }
  return kept;
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

MetricsRow Metrics(const MetaState& state, const InnerLoopSpec& spec, const IterationFacts& facts) {
  // (facts x batches): means over the tasks
  Matrix mean = Matrix::Zero(facts.batch[0].facts.rows(), facts.batch[0].facts.cols());
  for (const Adaptation& adaptation : facts.batch) {
    mean += adaptation.facts / static_cast<double>(facts.batch.size());
  }
  const Eigen::Index last = mean.cols() - 1;
  double square = 0;
  for (const Adaptation& adaptation : facts.batch) {
    square += std::pow(adaptation.facts(kScoreFact, last) - mean(kScoreFact, last), 2);
  }
  MetricsRow row = {
      {"iteration", static_cast<double>(state.iteration)},
      {"env_steps", static_cast<double>(state.samples)},
      {spec.score + "/before", mean(kScoreFact, 0)},
      {spec.score + "/after", mean(kScoreFact, last)},
      {spec.score + "/after_spread", std::sqrt(square / static_cast<double>(facts.batch.size()))},
      {"meta/direction_norm", facts.direction_norm},
  };
  // Of the batches that updates learned from: a batch after them has no step.
  const Matrix inner = mean.leftCols(spec.training.updates);
  for (Eigen::Index fact = kSamplesFact + 1; fact < mean.rows(); ++fact) {
    const double value = inner.row(fact).mean();
    if (fact == kSuccessFact && std::isnan(value)) continue;  // the family knows no success
    row.emplace_back("inner/" + spec.facts[static_cast<std::size_t>(fact)], value);
  }
  return row;
}

MetricsTable ReadMetrics(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
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

MetricsLog::MetricsLog(std::filesystem::path path, std::int64_t iteration)
    : path_(std::move(path)) {
  const std::uintmax_t kept = KeptBytes(path_, iteration);
  has_header_ = kept > 0;
  // Cut where it lies: rows that stay are never out of the file, whenever the machine stops.
  if (std::filesystem::exists(path_)) std::filesystem::resize_file(path_, kept);
  file_.open(path_, std::ios::binary | std::ios::app);
  if (!file_) {
    throw std::filesystem::filesystem_error("cannot write", path_,
                                            {errno, std::generic_category()});
  }
}

void MetricsLog::Write(const MetricsRow& row) {
  std::string names, values;
  for (const auto& [name, value] : row) {
    const std::string_view comma = values.empty() ? "" : ",";
    names += fmt::format("{}{}", comma, name);
    values += std::isnan(value) ? std::string(comma) : fmt::format("{}{}", comma, value);
  }
  if (!has_header_) file_ << names << '\n';
  has_header_ = true;
  file_ << values << '\n' << std::flush;
  if (!file_) {
    throw std::filesystem::filesystem_error("cannot write", path_,
                                            {errno, std::generic_category()});
  }
}

}  // namespace anole
