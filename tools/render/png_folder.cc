// PNG files, by libpng, and a list of their times.
#include <fmt/format.h>
#include <png.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "tools/render/frame_sink.h"

namespace anole::render {
namespace {

namespace fs = std::filesystem;

class PngFolder : public FrameSink {
 public:
  PngFolder(const fs::path& path, const VideoFormat& format)
      : path_(path), format_(format), is_new_(fs::create_directories(path)) {
    // The frames of a longer video would follow ours.
    for (std::int64_t i = 0; fs::remove(Frame(i)); ++i) {
    }
    fs::remove(Times());
  }
  ~PngFolder() override {
    if (finished_) return;
    std::error_code ignored;
    for (std::int64_t i = 0; i < frames_; ++i) fs::remove(Frame(i), ignored);
    if (is_new_) fs::remove(path_, ignored);  // if it is empty
  }
  PngFolder(const PngFolder&) = delete;
  PngFolder& operator=(const PngFolder&) = delete;

  void Add(const Image& frame) override { WritePng(frame, Frame(frames_++)); }
  void Finish() override {
    WriteTimes();
    finished_ = true;
  }
  fs::path path() const override { return path_; }
  bool is_video() const override { return false; }

 private:
  fs::path Times() const { return path_ / "frames.csv"; }

  // When each frame begins and how long it is to be seen: names cannot tell.
  void WriteTimes() const {
    errno = 0;
    std::ofstream file(Times(), std::ios::binary);
    file << "file,begin_s,duration_s\n";
    for (std::int64_t i = 0; i < frames_; ++i) {
      const bool is_last = i + 1 == frames_;
      const double duration = is_last ? format_.last_frame : format_.rate.Begin(1);
      file << fmt::format("{},{:.6f},{:.6f}\n", Frame(i).filename().string(), format_.rate.Begin(i),
                          duration);
    }
    file.close();
    if (!file) {
      throw fs::filesystem_error("cannot write", Times(), {errno, std::generic_category()});
    }
  }

  fs::path Frame(std::int64_t number) const {
    return path_ / fmt::format("frame_{:05}.png", number);
  }

  fs::path path_;
  VideoFormat format_;
  bool is_new_;
  std::int64_t frames_ = 0;
  bool finished_ = false;
};

}  // namespace

void WritePng(const Image& image, const fs::path& path) {
  MakeFolders(path);
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&header, path.c_str(), /*convert_to_8bit=*/0, image.rgb.data(),
                              /*row_stride=*/0, /*colormap=*/nullptr) == 0) {
    throw std::runtime_error(path.string() + ": cannot be written: " + header.message);
  }
}

std::unique_ptr<FrameSink> MakePngFolder(const fs::path& path, const VideoFormat& format) {
  return std::make_unique<PngFolder>(path, format);
}

}  // namespace anole::render
