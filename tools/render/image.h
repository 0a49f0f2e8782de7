// A picture in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace anole::render {

struct Image {
  int width = 0, height = 0;       // [pixels]
  std::vector<unsigned char> rgb;  // (3 x width x height), the top row first

  Image(int columns, int rows)
      : width(columns),
        height(rows),
        rgb(3 * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

  unsigned char* row(int y) {
    return rgb.data() + 3 * static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
  const unsigned char* row(int y) const { return const_cast<Image*>(this)->row(y); }

  // Copies `part` into this picture; its top left corner goes to column x of row y.
  void Paste(const Image& part, int x, int y) {
    for (int i = 0; i < part.height; ++i) {
      std::copy_n(part.row(i), 3 * part.width, row(y + i) + std::ptrdiff_t{3} * x);
    }
  }
};

}  // namespace anole::render
