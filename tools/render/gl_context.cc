#include "tools/render/gl_context.h"

#include <charconv>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "configs/user_error.h"

namespace anole::render {
namespace {

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// MUJOCO_EGL_DEVICE_ID, or kAnyDevice.
int ChosenDevice() {
  const std::string text = Environment("MUJOCO_EGL_DEVICE_ID");
  if (text.empty()) return kAnyDevice;
  int device = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), device);
  if (error != std::errc() || rest != text.data() + text.size() || device < 0) {
    throw UserError("MUJOCO_EGL_DEVICE_ID=" + text + ": must be the number of a device, from 0 on");
  }
  return device;
}

using Maker = std::function<std::unique_ptr<GlContext>()>;

}  // namespace

std::vector<GlAttempt> TryGlContexts() {
  const std::vector<std::pair<std::string, Maker>> makers = {
      {"EGL device", [] { return MakeEglDeviceContext(kAnyDevice); }},
      {"EGL surfaceless", MakeEglSurfacelessContext},
      {"OSMesa", MakeOsmesaContext}};
  std::vector<GlAttempt> attempts;
  for (const auto& [name, make] : makers) {
    try {
      attempts.push_back({name, make()->software(), ""});
    } catch (const std::runtime_error& error) {
      attempts.push_back({name, false, error.what()});
    }
  }
  return attempts;
}

std::unique_ptr<GlContext> MakeGlContext() {
  const std::string choice = Environment("MUJOCO_GL");
  for (const char* word : {"disabled", "disable", "off", "false", "0"}) {
    if (choice == word) throw UserError("MUJOCO_GL=" + choice + " forbids rendering; unset it");
  }
  const bool any = choice.empty() || choice == "enabled" || choice == "enable" || choice == "on" ||
                   choice == "true" || choice == "1";
  if (!any && choice != "egl" && choice != "osmesa") {
    throw UserError("MUJOCO_GL=" + choice + ": must be egl, osmesa or disabled");
  }

  std::vector<std::pair<std::string, Maker>> attempts;
  if (choice != "osmesa") {
    const int device = ChosenDevice();
    attempts.emplace_back("EGL device", [device] { return MakeEglDeviceContext(device); });
    // A chosen device is not silently replaced by another.
    if (device == kAnyDevice) attempts.emplace_back("EGL surfaceless", MakeEglSurfacelessContext);
    if (device == kAnyDevice && any) attempts.emplace_back("OSMesa", MakeOsmesaContext);
  } else {
    attempts.emplace_back("OSMesa", MakeOsmesaContext);
  }

  std::string failures;
  for (const auto& [name, make] : attempts) {
    try {
      return make();
    } catch (const UserError&) {
      throw;
    } catch (const std::runtime_error& error) {
      failures += (failures.empty() ? "" : "; ") + name + ": " + error.what();
    }
  }
  throw std::runtime_error("no OpenGL to render with (" + failures +
                           "); install libegl1 and libgl1-mesa-dri, or libosmesa6");
}

}  // namespace anole::render
