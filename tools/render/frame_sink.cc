#include "tools/render/frame_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "configs/user_error.h"

namespace anole {

namespace fs = std::filesystem;

namespace {

bool IsFolder(const fs::path& path) { return path.extension().empty() || fs::is_directory(path); }

}  // namespace

void CheckOutput(const fs::path& path, const VideoFormat& format) {
  const std::string flag = "--out=" + path.string();
  if (IsFolder(path)) {
    fs::path existing = fs::absolute(path);
    while (!fs::exists(existing)) existing = existing.parent_path();
    CheckWritable(existing / "frame_00000.png", flag);
    return;
  }
  const std::string extension = path.extension().string();
  if (extension != ".mp4" && extension != ".gif") {
    throw UserError(flag + ": must end in .mp4 or .gif, or name a folder for PNG frames");
  }
  if (extension == ".mp4" && (format.width % 2 != 0 || format.height % 2 != 0)) {
    throw UserError(fmt::format(
        "--size={}x{}: an MP4 needs an even width and height, such as {}x{}", format.width,
        format.height, format.width + format.width % 2, format.height + format.height % 2));
  }
  CheckWritable(path, flag);
}

std::unique_ptr<FrameSink> MakeFrameSink(const fs::path& path, const VideoFormat& format) {
  if (IsFolder(path)) return MakePngFolder(path);
  if (std::unique_ptr<FrameSink> pipe = MakeFfmpegPipe(path, format)) return pipe;
  fs::path folder = path;
  folder.replace_extension();
  fmt::print(stderr, "anole: warning: there is no ffmpeg here, so that frames go to {}/ as PNG\n",
             folder.string());
  return MakePngFolder(folder);
}

void CheckWritable(const fs::path& file, const std::string& what) {
  const bool is_new = !fs::exists(file);
  // To ask for the permissions would not do: they say little to root, or on a read-only disk.
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) throw UserError(what + ": cannot be written: " + std::strerror(errno));
  close(descriptor);
  if (is_new) fs::remove(file);
}

}  // namespace anole
