// What actions that move a thing by steps in space have in common: along which axes, how far, and
// the box that it stays in.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "configs/user_error.h"
#include "envs/family_interface.h"
#include "envs/robot/axes.h"

namespace anole {

class SteppingBox {
 public:
  struct Options {
    Axes axes;
    double scale = 0.05;                  // [m]
    std::vector<double> lowest, highest;  // (axes) [m]

    static void Describe(VisitOf<Options> visit) {
      visit(&Options::axes);
      visit("scale", &Options::scale,
            {.help = "how far an action of 1 moves it", .unit = "m", .min = -1e3, .max = 1e3});
      visit("lowest", &Options::lowest,
            {.help = "the box that it stays in, a number for each of the axes; []: anywhere",
             .unit = "m",
             .min = -1e6,
             .max = 1e6});
      visit("highest", &Options::highest,
            {.help = "the same, its other end", .unit = "m", .min = -1e6, .max = 1e6});
    }
  };

  // Throws OptionError.
  explicit SteppingBox(const Options& options) : rows_(options.axes.Rows()), scale_(options.scale) {
    if (scale_ == 0) throw OptionError("scale", "must not be 0: no action would do anything");
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    lowest_ = EndsOf("lowest", options.lowest, -kInfinity);
    highest_ = EndsOf("highest", options.highest, kInfinity);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (lowest_[i] > highest_[i]) throw OptionError("lowest", "is above the highest value");
    }
  }

  Eigen::Index size() const { return static_cast<Eigen::Index>(rows_.size()); }
  double scale() const { return std::abs(scale_); }  // [m]
  bool Within(std::size_t i, double coordinate) const {
    return lowest_[i] <= coordinate && coordinate <= highest_[i];
  }
  const std::vector<int>& rows() const { return rows_; }  // 0, 1, 2: the axes, as they are named

  // Where an action along axis number i leads from a coordinate.
  double Goal(std::size_t i, double from, VectorIn actions) const {
    return std::clamp(from + scale_ * actions[static_cast<Eigen::Index>(i)], lowest_[i],
                      highest_[i]);
  }

  // `quantity`: what an action moves, of the thing called `name`.
  std::vector<ActionPart> Interface(const std::string& name, const std::string& quantity) const {
    std::vector<ActionPart> parts;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      ActionPart& part = parts.emplace_back();
      part.actuator = name + ".";
      part.actuator += "xyz"[rows_[i]];
      part.quantity = quantity;
      part.unit = std::string("m");
      part.scale = scale_;
      part.lowest_control = lowest_[i];
      part.highest_control = highest_[i];
    }
    return parts;
  }

 private:
  std::vector<double> EndsOf(const char* option, const std::vector<double>& ends,
                             double none) const {
    if (ends.empty()) return std::vector<double>(rows_.size(), none);
    if (ends.size() == rows_.size()) return ends;
    throw OptionError(option,
                      "must be a number for each of the axes, " + std::to_string(rows_.size()));
  }

  std::vector<int> rows_;
  double scale_;
  std::vector<double> lowest_, highest_;  // (axes)
};

}  // namespace anole
