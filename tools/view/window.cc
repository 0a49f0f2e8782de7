#include "tools/view/window.h"

#include "configs/user_error.h"

#if __has_include(<GLFW/glfw3.h>)

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cctype>
#include <stdexcept>
#include <utility>

#include "tools/render/shared_library.h"

namespace anole::view {
namespace {

// What is used of GLFW, opened at run time: machines without a screen need none.
struct Glfw {
  render::SharedLibrary library{"libglfw.so.3", "libglfw.so"};
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
  decltype(::glfwGetMouseButton)* get_mouse_button =
      library.Find<decltype(::glfwGetMouseButton)>("glfwGetMouseButton");
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

// Of OpenGL 1.1, which draws a picture into a window in a few calls.
constexpr unsigned kRgb = 0x1907, kUnsignedByte = 0x1401, kUnpackAlignment = 0x0CF5;

class GlfwWindow : public Window {
 public:
  // Throws std::runtime_error that says why there is none.
  GlfwWindow(int width, int height, const std::string& title) {
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
    std::vector<char>& keys = Of(window).input_.keys;
    if (key == GLFW_KEY_LEFT) keys.push_back(kLeft);
    if (key == GLFW_KEY_RIGHT) keys.push_back(kRight);
    if (key == GLFW_KEY_ENTER) keys.push_back(kEnter);
    if (key == GLFW_KEY_ESCAPE) keys.push_back(kEscape);
  }

  static void OnCharacter(GLFWwindow* window, unsigned code) {
    if (code < 128) {
      Of(window).input_.keys.push_back(static_cast<char>(std::toupper(static_cast<int>(code))));
    }
  }

  static void OnScroll(GLFWwindow* window, double /*x*/, double y) {
    Of(window).input_.scroll += y;
  }

  static void OnMove(GLFWwindow* window, double x, double y) {
    GlfwWindow& self = Of(window);
    if (self.glfw_.get_mouse_button(window, GLFW_MOUSE_BUTTON_LEFT) == GLFW_PRESS) {
      self.input_.drag_x += x - self.x_;
      self.input_.drag_y += y - self.y_;
    }
    self.x_ = x;
    self.y_ = y;
  }

  template <class Function>
  void Load(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(glfw_.get_proc_address(name));
    if (function == nullptr) throw std::runtime_error(std::string("OpenGL has no ") + name);
  }

  Glfw glfw_;
  GLFWwindow* window_ = nullptr;
  Input input_;
  double x_ = 0, y_ = 0;  // of the cursor
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
