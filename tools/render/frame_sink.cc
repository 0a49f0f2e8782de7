#include "tools/render/frame_sink.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "configs/user_error.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"

namespace anole::render {

namespace fs = std::filesystem;

namespace {

bool IsFolder(const fs::path& path) { return path.extension().empty() || fs::is_directory(path); }

}  // namespace

Delays DelaysOf(const fs::path& path) {
  return path.extension() == ".gif" ? Delays::kHundredths : Delays::kAny;
}

void CheckOutput(const fs::path& path, const VideoFormat& format) {
  const std::string flag = "--out=" + path.string();
  if (IsFolder(path)) {
    if (fs::is_regular_file(path)) throw UserError(flag + ": is a file, not a folder for frames");
    CheckWritable(fs::is_directory(path) ? path / "frame_00000.png" : path, flag);
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
  if (IsFolder(path)) return MakeFrameQueue(MakePngFolder(path, format));
  MakeFolders(path);
  if (auto pipe = MakeFfmpegPipe(path, format)) return MakeFrameQueue(std::move(pipe));
  fs::path folder = path;
  folder.replace_extension();
  LogWarning(
      fmt::format("there is no ffmpeg here, so that frames go to {}/ as PNG", folder.string()));
  return MakeFrameQueue(MakePngFolder(folder, format));
}

void MakeFolders(const fs::path& file) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
}

}  // namespace anole::render
