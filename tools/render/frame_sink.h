// Where the frames of a video go: an MP4 or GIF file made by ffmpeg, or a folder of PNG files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tools/render/image.h"

namespace anole {

struct VideoFormat {
  int width = 0, height = 0;  // [pixels]
  double frames_per_second = 0;
};

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void Add(const Image& frame) = 0;
  virtual void Finish() = 0;  // without it, the video is not to be relied on
  virtual std::filesystem::path path() const = 0;
};

// Throws UserError where MakeFrameSink could not make anything of its arguments.
void CheckOutput(const std::filesystem::path& path, const VideoFormat& format);

// A file where `path` ends in .mp4 or .gif, else a folder. Where ffmpeg is missing, warns on
// stderr and takes a folder for the file.
std::unique_ptr<FrameSink> MakeFrameSink(const std::filesystem::path& path,
                                         const VideoFormat& format);

// Throws UserError, which begins with `what`, where the file, or the folders that it is to lie in,
// could not be made. Leaves no trace.
void CheckWritable(const std::filesystem::path& file, const std::string& what);

// The folders that a file is to lie in, where they are missing.
void MakeFolders(const std::filesystem::path& file);

void WritePng(const Image& image, const std::filesystem::path& path);

// The kinds of sinks.
std::unique_ptr<FrameSink> MakePngFolder(const std::filesystem::path& path);
// Null where there is no ffmpeg.
std::unique_ptr<FrameSink> MakeFfmpegPipe(const std::filesystem::path& path,
                                          const VideoFormat& format);

}  // namespace anole
