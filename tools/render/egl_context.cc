// OpenGL through EGL, without any window system. The few types and numbers are those of EGL's ABI
// (Khronos, EGL 1.5 and its platform and device extensions), so that no headers need be there.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "configs/user_error.h"
#include "tools/render/gl_context.h"
#include "tools/render/shared_library.h"

namespace anole::render {
namespace {

using Handle = void*;  // EGLDisplay, EGLConfig, EGLContext, EGLSurface, EGLDeviceEXT
using Int = std::int32_t;
using Boolean = unsigned;

constexpr unsigned kPlatformDevice = 0x313F;              // EGL_PLATFORM_DEVICE_EXT
constexpr unsigned kPlatformSurfaceless = 0x31DD;         // EGL_PLATFORM_SURFACELESS_MESA
constexpr unsigned kOpenGl = 0x30A2;                      // EGL_OPENGL_API
constexpr unsigned kRenderer = 0x1F01;                    // GL_RENDERER
constexpr std::array<Int, 15> kConfig = {0x3033, 0x0001,  // EGL_SURFACE_TYPE: EGL_PBUFFER_BIT
                                         0x3040, 0x0008,  // EGL_RENDERABLE_TYPE: EGL_OPENGL_BIT
                                         0x3024, 8,       // EGL_RED_SIZE
                                         0x3023, 8,       // EGL_GREEN_SIZE
                                         0x3022, 8,       // EGL_BLUE_SIZE
                                         0x3025, 24,      // EGL_DEPTH_SIZE
                                         0x3026, 8,       // EGL_STENCIL_SIZE
                                         0x3038};         // EGL_NONE

class Egl {
 public:
  Egl() {
    // Mesa's own messages would repeat ours; whoever wants them sets EGL_LOG_LEVEL.
    setenv("EGL_LOG_LEVEL", "fatal", /*overwrite=*/0);
  }

  std::vector<Handle> Devices() const {
    const auto query = Extension<Boolean(Int, Handle*, Int*)>("eglQueryDevicesEXT");
    Int count = 0;
    if (query(0, nullptr, &count) == 0) Fail("eglQueryDevicesEXT");
    std::vector<Handle> devices(static_cast<std::size_t>(count));
    if (query(count, devices.data(), &count) == 0) Fail("eglQueryDevicesEXT");
    devices.resize(static_cast<std::size_t>(count));
    if (devices.empty()) throw std::runtime_error("there is no device");
    return devices;
  }

  Handle Display(unsigned platform, Handle device) const {
    Handle display = Extension<Handle(unsigned, Handle, const Int*)>("eglGetPlatformDisplayEXT")(
        platform, device, nullptr);
    if (display == nullptr) Fail("eglGetPlatformDisplayEXT");
    if (initialize_(display, nullptr, nullptr) == 0) Fail("eglInitialize");
    return display;
  }

  // Made current in this thread.
  Handle Context(Handle display) const {
    if (bind_api_(kOpenGl) == 0) Fail("eglBindAPI(OpenGL)");
    Handle config = nullptr;
    Int count = 0;
    if (choose_config_(display, kConfig.data(), &config, 1, &count) == 0) Fail("eglChooseConfig");
    if (count == 0) throw std::runtime_error("it has no 24-bit pictures with depth and stencil");
    Handle context = create_context_(display, config, nullptr, nullptr);
    if (context == nullptr) Fail("eglCreateContext");
    if (make_current_(display, nullptr, nullptr, context) == 0) {
      destroy_context_(display, context);
      Fail("eglMakeCurrent");
    }
    return context;
  }

  // Whether the current context is one of Mesa's software, by its name for itself.
  bool IsSoftware() const {
    const auto get_string = Extension<const char*(unsigned)>("glGetString");
    const char* const text = get_string(kRenderer);
    const std::string_view name = text == nullptr ? "" : text;
    const auto is_of = [name](const char* word) {
      return name.find(word) != std::string_view::npos;
    };
    return is_of("llvmpipe") || is_of("softpipe") || is_of("swrast");
  }

  // The display stays open until the process ends: drivers leak when they are closed before.
  void Destroy(Handle display, Handle context) const {
    make_current_(display, nullptr, nullptr, nullptr);
    destroy_context_(display, context);
  }

 private:
  template <class Function>
  Function* Extension(const char* name) const {
    void* const function = get_proc_address_(name);
    if (function == nullptr) throw std::runtime_error(std::string("it has no ") + name);
    return reinterpret_cast<Function*>(function);
  }

  [[noreturn]] void Fail(const char* function) const {
    throw std::runtime_error(fmt::format("{} failed with error 0x{:x}", function, get_error_()));
  }

  SharedLibrary library_{"libEGL.so.1", "libEGL.so"};
  void* (*get_proc_address_)(const char*) = library_.Find<void*(const char*)>("eglGetProcAddress");
  Int (*get_error_)() = library_.Find<Int()>("eglGetError");
  Boolean (*initialize_)(Handle, Int*,
                         Int*) = library_.Find<Boolean(Handle, Int*, Int*)>("eglInitialize");
  Boolean (*bind_api_)(unsigned) = library_.Find<Boolean(unsigned)>("eglBindAPI");
  Boolean (*choose_config_)(Handle, const Int*, Handle*, Int, Int*) =
      library_.Find<Boolean(Handle, const Int*, Handle*, Int, Int*)>("eglChooseConfig");
  Handle (*create_context_)(Handle, Handle, Handle, const Int*) =
      library_.Find<Handle(Handle, Handle, Handle, const Int*)>("eglCreateContext");
  Boolean (*make_current_)(Handle, Handle, Handle, Handle) =
      library_.Find<Boolean(Handle, Handle, Handle, Handle)>("eglMakeCurrent");
  Boolean (*destroy_context_)(Handle,
                              Handle) = library_.Find<Boolean(Handle, Handle)>("eglDestroyContext");
};

class EglContext : public GlContext {
 public:
  EglContext(const Egl& egl, unsigned platform, Handle device, std::string name)
      : egl_(egl),
        name_(std::move(name)),
        display_(egl_.Display(platform, device)),
        context_(egl_.Context(display_)),
        software_(egl_.IsSoftware()) {}
  ~EglContext() override { egl_.Destroy(display_, context_); }
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

  std::string name() const override { return name_; }
  bool software() const override { return software_; }

 private:
  Egl egl_;
  std::string name_;
  Handle display_, context_;
  bool software_;
};

}  // namespace

std::unique_ptr<GlContext> MakeEglDeviceContext(int device) {
  const Egl egl;
  const std::vector<Handle> devices = egl.Devices();
  const int count = static_cast<int>(devices.size());
  if (device >= count) {
    throw UserError(fmt::format("MUJOCO_EGL_DEVICE_ID={}: there {} here, from 0 on", device,
                                count == 1 ? "is 1 device" : fmt::format("are {} devices", count)));
  }
  std::string failures;
  for (int i = 0; i < count; ++i) {
    if (device != kAnyDevice && i != device) continue;
    try {
      return std::make_unique<EglContext>(egl, kPlatformDevice,
                                          devices[static_cast<std::size_t>(i)],
                                          fmt::format("EGL device {}", i));
    } catch (const std::runtime_error& error) {
      failures += (failures.empty() ? "" : ", ") + fmt::format("of device {} ", i) + error.what();
    }
  }
  throw std::runtime_error(failures);
}

std::unique_ptr<GlContext> MakeEglSurfacelessContext() {
  return std::make_unique<EglContext>(Egl(), kPlatformSurfaceless, nullptr, "EGL surfaceless");
}

}  // namespace anole::render
