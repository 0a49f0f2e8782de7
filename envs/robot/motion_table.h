// Motions of a file: numbers over time, as motion capture or another simulation has written them.
//
//   time, clip, hip, knee        names, in any order; all but time and clip are the file's own
//   0.00, 0, 0.1, -0.8           then a line of numbers for each moment, from early to late
//   0.02, 0, 0.2, -0.7
//   0.00, 1, 0.3, -0.9           clip: which of several motions, from 0 on; without it there is one
//   ...
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "envs/linear_algebra.h"

namespace anole {

// Const and thread-safe. What it tells allocates nothing.
class MotionTable {
 public:
  // Throws UserError with file and line.
  explicit MotionTable(const std::filesystem::path& file);

  const std::string& checksum() const { return checksum_; }             // of the file's text
  const std::vector<std::string>& columns() const { return columns_; }  // but time and clip
  std::size_t clips() const { return clips_.size(); }
  double length(std::size_t clip) const;  // [s] from its first moment to its last

  // The first row of numbers, from 1 on, in which all of these columns are 0; 0: none.
  std::size_t RowWithout(std::span<const Eigen::Index> columns) const;

  std::pair<double, double> Extremes(Eigen::Index column) const;  // lowest and highest value

  // Where between two rows a moment is.
  struct Moment {
    Eigen::Index row = 0;  // the earlier one
    double share = 0;      // of the way to the next
    double dt = 1;         // [s] between them; infinite: nothing changes then
  };
  // time: [s] since the clip's first moment, within its length
  Moment At(std::size_t clip, double time) const;

  // A column then, and how fast it changes [1/s]: evenly from row to row.
  double Value(Eigen::Index column, const Moment& moment) const;
  double Rate(Eigen::Index column, const Moment& moment) const;

 private:
  struct Clip {
    std::size_t begin = 0, end = 0;  // rows
  };
  class Reader;

  std::string checksum_;
  std::vector<std::string> columns_;
  std::vector<double> times_;   // (rows) [s]
  std::vector<double> values_;  // (rows x columns), row by row
  std::vector<Clip> clips_;
};

}  // namespace anole
