#include "tools/view/window.h"

#include "configs/user_error.h"

#if __has_include(<GLFW/glfw3.h>)

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tools/render/shared_library.h"

namespace anole::view {
namespace {

// What is used of GLFW, opened at run time: machines without a screen need none.
struct Glfw {
  render::SharedLibrary library{"libglfw.so.3", "libglfw.so"};
  decltype(::glfwInitHint)* init_hint = library.Find<decltype(::glfwInitHint)>("glfwInitHint");
  decltype(::glfwInit)* init = library.Find<decltype(::glfwInit)>("glfwInit");
  decltype(::glfwTerminate)* terminate = library.Find<decltype(::glfwTerminate)>("glfwTerminate");
  decltype(::glfwGetError)* get_error = library.Find<decltype(::glfwGetError)>("glfwGetError");
  decltype(::glfwWindowHint)* window_hint =
      library.Find<decltype(::glfwWindowHint)>("glfwWindowHint");
  decltype(::glfwCreateWindow)* create_window =
      library.Find<decltype(::glfwCreateWindow)>("glfwCreateWindow");
  decltype(::glfwDestroyWindow)* destroy_window =
      library.Find<decltype(::glfwDestroyWindow)>("glfwDestroyWindow");
  decltype(::glfwMakeContextCurrent)* make_context_current =
      library.Find<decltype(::glfwMakeContextCurrent)>("glfwMakeContextCurrent");
  decltype(::glfwSwapInterval)* swap_interval =
      library.Find<decltype(::glfwSwapInterval)>("glfwSwapInterval");
  decltype(::glfwSwapBuffers)* swap_buffers =
      library.Find<decltype(::glfwSwapBuffers)>("glfwSwapBuffers");
  decltype(::glfwPollEvents)* poll_events =
      library.Find<decltype(::glfwPollEvents)>("glfwPollEvents");
  decltype(::glfwWindowShouldClose)* window_should_close =
      library.Find<decltype(::glfwWindowShouldClose)>("glfwWindowShouldClose");
  decltype(::glfwSetWindowUserPointer)* set_window_user_pointer =
      library.Find<decltype(::glfwSetWindowUserPointer)>("glfwSetWindowUserPointer");
  decltype(::glfwGetWindowUserPointer)* get_window_user_pointer =
      library.Find<decltype(::glfwGetWindowUserPointer)>("glfwGetWindowUserPointer");
  decltype(::glfwSetKeyCallback)* set_key_callback =
      library.Find<decltype(::glfwSetKeyCallback)>("glfwSetKeyCallback");
  decltype(::glfwSetCharCallback)* set_char_callback =
      library.Find<decltype(::glfwSetCharCallback)>("glfwSetCharCallback");
  decltype(::glfwSetScrollCallback)* set_scroll_callback =
      library.Find<decltype(::glfwSetScrollCallback)>("glfwSetScrollCallback");
  decltype(::glfwSetCursorPosCallback)* set_cursor_pos_callback =
      library.Find<decltype(::glfwSetCursorPosCallback)>("glfwSetCursorPosCallback");
  decltype(::glfwSetMouseButtonCallback)* set_mouse_button_callback =
      library.Find<decltype(::glfwSetMouseButtonCallback)>("glfwSetMouseButtonCallback");
  decltype(::glfwGetCursorPos)* get_cursor_pos =
      library.Find<decltype(::glfwGetCursorPos)>("glfwGetCursorPos");
  decltype(::glfwGetFramebufferSize)* get_framebuffer_size =
      library.Find<decltype(::glfwGetFramebufferSize)>("glfwGetFramebufferSize");
  decltype(::glfwGetProcAddress)* get_proc_address =
      library.Find<decltype(::glfwGetProcAddress)>("glfwGetProcAddress");

  std::string Error() const {
    const char* text = nullptr;
    get_error(&text);
    return text == nullptr ? "unknown error" : text;
  }
};

// GLFW_PLATFORM and GLFW_PLATFORM_X11, which are new in GLFW 3.4; before, a hint of them is an
// error without consequences.
constexpr int kGlfwPlatform = 0x50003, kGlfwX11 = 0x60004;

// Of OpenGL 1.1, which draws a picture into a window in a few calls.
constexpr unsigned kRgb = 0x1907, kUnsignedByte = 0x1401, kUnpackAlignment = 0x0CF5;

class GlfwWindow : public Window {
 public:
  // Throws std::runtime_error that says why there is none.
  GlfwWindow(int width, int height, const std::string& title) {
    // Where no Wayland is told of, GLFW would look for it all the same, and Wayland's library
    // complain.
    if (std::getenv("WAYLAND_DISPLAY") == nullptr && std::getenv("WAYLAND_SOCKET") == nullptr) {
      glfw_.init_hint(kGlfwPlatform, kGlfwX11);
    }
    if (glfw_.init() != GLFW_TRUE) throw std::runtime_error(glfw_.Error());
    glfw_.window_hint(GLFW_RESIZABLE, GLFW_FALSE);
    window_ = glfw_.create_window(width, height, title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) {
      const std::string error = glfw_.Error();
      glfw_.terminate();
      throw std::runtime_error(error);
    }
    glfw_.make_context_current(window_);
    glfw_.swap_interval(0);  // real time is kept by whoever shows pictures
    glfw_.set_window_user_pointer(window_, this);
    glfw_.set_key_callback(window_, OnKey);
    glfw_.set_char_callback(window_, OnCharacter);
    glfw_.set_scroll_callback(window_, OnScroll);
    glfw_.set_cursor_pos_callback(window_, OnMove);
    glfw_.set_mouse_button_callback(window_, OnButton);
    glfw_.get_cursor_pos(window_, &x_, &y_);
    Load(draw_pixels_, "glDrawPixels");
    Load(pixel_zoom_, "glPixelZoom");
    Load(raster_place_, "glRasterPos2f");
    Load(pixel_store_, "glPixelStorei");
    Load(viewport_, "glViewport");
  }

  GlfwWindow(const GlfwWindow&) = delete;
  GlfwWindow& operator=(const GlfwWindow&) = delete;
  ~GlfwWindow() override {
    glfw_.destroy_window(window_);
    glfw_.terminate();
  }

  Input Listen() override {
    glfw_.poll_events();
    input_.closed = glfw_.window_should_close(window_) == GLFW_TRUE;
    return std::exchange(input_, {});
  }

  void Show(const render::Image& image) override {
    int width = 0, height = 0;
    glfw_.get_framebuffer_size(window_, &width, &height);
    viewport_(0, 0, width, height);
    pixel_store_(kUnpackAlignment, 1);
    raster_place_(-1, 1);  // the top left corner; rows go down
    pixel_zoom_(static_cast<float>(width) / static_cast<float>(image.width),
                -static_cast<float>(height) / static_cast<float>(image.height));
    draw_pixels_(image.width, image.height, kRgb, kUnsignedByte, image.rgb.data());
    glfw_.swap_buffers(window_);
  }

 private:
  // The library that opened a window knows what it belongs to.
  static GlfwWindow& Of(GLFWwindow* window) {
    static const Glfw kGlfw;
    return *static_cast<GlfwWindow*>(kGlfw.get_window_user_pointer(window));
  }

  // Keys without a letter; letters come as characters, by whatever keyboard.
  static void OnKey(GLFWwindow* window, int key, int /*scancode*/, int action, int /*mods*/) {
    if (action == GLFW_RELEASE) return;
    auto& events = Of(window).input_.events;
    if (key == GLFW_KEY_LEFT) events.emplace_back(kLeft);
    if (key == GLFW_KEY_RIGHT) events.emplace_back(kRight);
    if (key == GLFW_KEY_UP) events.emplace_back(kUp);
    if (key == GLFW_KEY_DOWN) events.emplace_back(kDown);
    if (key == GLFW_KEY_ENTER) events.emplace_back(kEnter);
    if (key == GLFW_KEY_ESCAPE) events.emplace_back(kEscape);
  }

  static void OnCharacter(GLFWwindow* window, unsigned code) {
    if (code < 128) {
      Of(window).input_.events.emplace_back(
          static_cast<char>(std::toupper(static_cast<int>(code))));
    }
  }

  static void OnScroll(GLFWwindow* window, double /*x*/, double y) {
    Of(window).input_.scroll += y;
  }

  static void OnMove(GLFWwindow* window, double x, double y) {
    GlfwWindow& self = Of(window);
    self.x_ = x;
    self.y_ = y;
    if (self.held_ > 0) self.input_.events.emplace_back(MouseEvent{.x = x, .y = y});
  }

  static void OnButton(GLFWwindow* window, int button, int action, int mods) {
    if (button != GLFW_MOUSE_BUTTON_LEFT && button != GLFW_MOUSE_BUTTON_RIGHT) return;
    GlfwWindow& self = Of(window);
    MouseEvent event{
        .kind = action == GLFW_PRESS ? MouseEvent::Kind::kPress : MouseEvent::Kind::kRelease,
        .right = button == GLFW_MOUSE_BUTTON_RIGHT,
        .control = (mods & GLFW_MOD_CONTROL) != 0,
        .shift = (mods & GLFW_MOD_SHIFT) != 0};
    event.x = self.x_;
    event.y = self.y_;
    self.held_ = std::max(self.held_ + (action == GLFW_PRESS ? 1 : -1), 0);
    if (action == GLFW_PRESS) event.twice = self.IsSecondClick(event);
    self.input_.events.emplace_back(event);
  }

  // Whether it comes soon enough after one of the same button at the same place; a third click is
  // a first one again.
  bool IsSecondClick(const MouseEvent& press) {
    constexpr double kSoon = 0.4, kNear = 5;  // [s], [pixels]
    const auto now = std::chrono::steady_clock::now();
    const bool second = std::chrono::duration<double>(now - last_press_time_).count() < kSoon &&
                        press.right == last_press_.right && !last_press_.twice &&
                        std::hypot(press.x - last_press_.x, press.y - last_press_.y) < kNear;
    last_press_ = press;
    last_press_.twice = second;
    last_press_time_ = now;
    return second;
  }

  template <class Function>
  void Load(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(glfw_.get_proc_address(name));
    if (function == nullptr) throw std::runtime_error(std::string("OpenGL has no ") + name);
  }

  Glfw glfw_;
  GLFWwindow* window_ = nullptr;
  Input input_;
  int held_ = 0;          // buttons
  double x_ = 0, y_ = 0;  // of the cursor, as the events before have it: GLFW itself tells where it
                          // is now, which may be elsewhere than at a click that waited for us
  MouseEvent last_press_;
  std::chrono::steady_clock::time_point last_press_time_;
  void (*draw_pixels_)(int, int, unsigned, unsigned, const void*) = nullptr;
  void (*pixel_zoom_)(float, float) = nullptr;
  void (*raster_place_)(float, float) = nullptr;
  void (*pixel_store_)(unsigned, int) = nullptr;
  void (*viewport_)(int, int, int, int) = nullptr;
};

}  // namespace

std::unique_ptr<Window> OpenWindow(int width, int height, const std::string& title) {
  try {
    return std::make_unique<GlfwWindow>(width, height, title);
  } catch (const std::runtime_error& error) {
    throw UserError(std::string("no window can be opened: ") + error.what() +
                    "; `anole render` films without one");
  }
}

}  // namespace anole::view

#else

namespace anole::view {

std::unique_ptr<Window> OpenWindow(int /*width*/, int /*height*/, const std::string& /*title*/) {
  throw UserError("this program was built without windows: install libglfw3-dev and build again");
}

}  // namespace anole::view

#endif
