// Which of three numbers a term or an action has: "xz".
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "configs/option.h"
#include "configs/user_error.h"

namespace anole {

struct Axes {
  std::string axes = "xyz";

  static void Describe(VisitOf<Axes> visit) {
    visit("axes", &Axes::axes, {.help = "which of x, y and z: \"xy\"", .min_size = 1});
  }

  // 0, 1, 2 for x, y, z. Throws OptionError.
  std::vector<int> Rows() const {
    std::vector<int> rows;
    for (const char axis : axes) {
      if (axis < 'x' || axis > 'z') throw OptionError("axes", "must be of the letters x, y and z");
      if (std::ranges::count(axes, axis) > 1) throw OptionError("axes", "names an axis twice");
      rows.push_back(axis - 'x');
    }
    return rows;
  }
};

}  // namespace anole
