// OpenGL in software through OSMesa, without any window system. The types are OSMesa's C ABI.
#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

#include "tools/render/gl_context.h"
#include "tools/render/shared_library.h"

namespace anole::render {
namespace {

constexpr unsigned kRgba = 0x1908, kUnsignedByte = 0x1401;  // GL_RGBA, GL_UNSIGNED_BYTE
constexpr int kSize = 16;  // [pixels] of a buffer that is never drawn to: MuJoCo has its own

class OsmesaContext : public GlContext {
 public:
  OsmesaContext() {
    const auto create =
        library_.Find<void*(unsigned, int, int, int, void*)>("OSMesaCreateContextExt");
    const auto make_current =
        library_.Find<unsigned char(void*, void*, unsigned, int, int)>("OSMesaMakeCurrent");
    context_ = create(kRgba, /*depth bits=*/24, /*stencil bits=*/8, /*accumulation bits=*/0,
                      /*shared with=*/nullptr);
    if (context_ == nullptr) throw std::runtime_error("OSMesaCreateContextExt failed");
    if (make_current(context_, buffer_.data(), kUnsignedByte, kSize, kSize) == 0) {
      destroy_(context_);
      throw std::runtime_error("OSMesaMakeCurrent failed");
    }
    // MuJoCo takes OpenGL's functions from the first library that looks like OpenGL. Where EGL was
    // tried before us, that is EGL, which has no context; but libraries that all may see come
    // first.
    library_.ShowToAll();
  }
  ~OsmesaContext() override { destroy_(context_); }
  OsmesaContext(const OsmesaContext&) = delete;
  OsmesaContext& operator=(const OsmesaContext&) = delete;

  std::string name() const override { return "OSMesa"; }
  bool software() const override { return true; }

 private:
  SharedLibrary library_{"libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"};
  void (*destroy_)(void*) = library_.Find<void(void*)>("OSMesaDestroyContext");
  void* context_ = nullptr;
  std::array<unsigned char, std::size_t{4} * kSize * kSize> buffer_{};
};

}  // namespace

std::unique_ptr<GlContext> MakeOsmesaContext() { return std::make_unique<OsmesaContext>(); }

}  // namespace anole::render
