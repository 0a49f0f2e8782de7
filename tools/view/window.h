// A window on the screen that shows pictures and hears keys and the mouse, by GLFW.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tools/render/image.h"

namespace anole::view {

struct MouseEvent {
  enum class Kind { kPress, kRelease, kMove };  // moves only while a button is held

  Kind kind = Kind::kMove;
  bool right = false;                   // which button was pressed or released
  bool twice = false;                   // a press that makes a double click
  bool control = false, shift = false;  // the keys that were held at a press
  double x = 0, y = 0;                  // from the top left corner of the picture [pixels]
};

// What a person did since the last look.
struct Input {
  // In its order. Keys: letters as capitals, ' ', '+', '-', and those below.
  std::vector<std::variant<char, MouseEvent>> events;
  double scroll = 0;
  bool closed = false;
};
inline constexpr char kLeft = '<', kRight = '>', kUp = '^', kDown = '_', kEnter = '\n',
                      kEscape = '\x1b';

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
