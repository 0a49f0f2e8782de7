// OpenGL without a window, on machines with and without a GPU or a display.
//
// Back ends, in the order in which they are tried: EGL on a device (a GPU, or Mesa's software),
// EGL without a device, OSMesa (software only). Their libraries are opened at run time, so the
// program links no OpenGL. As in MuJoCo's other programs, the environment may choose:
// MUJOCO_GL=egl|osmesa|disabled, and MUJOCO_EGL_DEVICE_ID=N for one of several GPUs.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace anole::render {

// Current in the thread that made it as long as it lives.
class GlContext {
 public:
  virtual ~GlContext() = default;
  virtual std::string name() const = 0;
  virtual bool software() const = 0;  // the processor draws, not a GPU
};

// Throws UserError where the environment asks for what there is not, and std::runtime_error that
// tells why each back end failed where none works.
std::unique_ptr<GlContext> MakeGlContext();

struct GlAttempt {
  std::string back_end;
  bool software = false;  // where it works
  std::string failure;    // why it does not; empty where it does
};

// Tries all of them, whatever the environment chooses.
std::vector<GlAttempt> TryGlContexts();

// The back ends. Throw std::runtime_error where they do not work.
inline constexpr int kAnyDevice = -1;
std::unique_ptr<GlContext> MakeEglDeviceContext(int device);  // a number, or kAnyDevice
std::unique_ptr<GlContext> MakeEglSurfacelessContext();
std::unique_ptr<GlContext> MakeOsmesaContext();

}  // namespace anole::render
