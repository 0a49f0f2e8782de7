// Words in a corner of a picture.
#pragma once

#include <string>
#include <vector>

#include "envs/mujoco.h"

namespace anole::render {

struct Color {
  float red = 1, green = 1, blue = 1;  // 0 to 1
};

struct CaptionLine {
  std::string name, value;  // in two columns
  Color color;              // of the value: that of the thing in the scene which it belongs to
};

struct Caption {
  std::string title;
  std::vector<CaptionLine> lines;
};

// In the top left corner of a picture of `width` x `height` pixels that is rendered but not read
// yet.
void DrawCaption(const Caption& caption, int width, int height, const mjrContext& renderer);

}  // namespace anole::render
