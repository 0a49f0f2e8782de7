// A window on the screen that shows pictures and hears keys and the mouse, by GLFW.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/render/image.h"

namespace anole::view {

// What a person did since the last look.
struct Input {
  std::vector<char> keys;         // letters as capitals, ' ', '+', '-', and those below
  double drag_x = 0, drag_y = 0;  // of the mouse with its left button [pixels]
  double scroll = 0;
  bool closed = false;
};
inline constexpr char kLeft = '<', kRight = '>', kEnter = '\n', kEscape = '\x1b';

class Window {
 public:
  virtual ~Window() = default;
  virtual Input Listen() = 0;
  virtual void Show(const render::Image& image) = 0;  // as large as the window
};

// To be used by one thread, the program's first one. Throws UserError, which says what is missing,
// where there is no display or no GLFW.
std::unique_ptr<Window> OpenWindow(int width, int height, const std::string& title);

}  // namespace anole::view
