// Where the frames of a video go: an MP4 or GIF file made by ffmpeg, or a folder of PNG files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tools/render/frame_rate.h"
#include "tools/render/image.h"

namespace anole::render {

struct VideoFormat {
  int width = 0, height = 0;  // [pixels]
  FrameRate rate;
  double last_frame = 0;  // how long it is to be seen, where that can be stored [s]
  bool fast = false;      // an MP4 in half the time, a tenth larger
};

// Without Finish, nothing of the frames is there when the sink has gone.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void Add(const Image& frame) = 0;
  virtual void Finish() = 0;
  virtual std::filesystem::path path() const = 0;
  virtual bool is_video() const = 0;  // or a folder of frames
};

// What the file that `path` names can store.
Delays DelaysOf(const std::filesystem::path& path);

// Throws UserError where MakeFrameSink could not make anything of its arguments.
void CheckOutput(const std::filesystem::path& path, const VideoFormat& format);

// A file where `path` ends in .mp4 or .gif, else a folder. Where ffmpeg is missing, warns on
// stderr and takes a folder for the file. Frames are encoded while the next ones are drawn, so that
// an Add may throw what is wrong with an earlier frame.
std::unique_ptr<FrameSink> MakeFrameSink(const std::filesystem::path& path,
                                         const VideoFormat& format);

// The folders that a file is to lie in, where they are missing.
void MakeFolders(const std::filesystem::path& file);

void WritePng(const Image& image, const std::filesystem::path& path);

// The kinds of sinks.
std::unique_ptr<FrameSink> MakePngFolder(const std::filesystem::path& path,
                                         const VideoFormat& format);
// Null where there is no ffmpeg.
std::unique_ptr<FrameSink> MakeFfmpegPipe(const std::filesystem::path& path,
                                          const VideoFormat& format);

// `sink` in a thread of its own.
std::unique_ptr<FrameSink> MakeFrameQueue(std::unique_ptr<FrameSink> sink);

}  // namespace anole::render
