// A film of what a window shows, in real time however few pictures there are.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "tools/render/frame_sink.h"

namespace anole::view {

class Recording {
 public:
  // Begins now. width, height: of a picture [pixels]. Throws what CheckOutput and MakeFrameSink
  // throw.
  Recording(const std::filesystem::path& path, int width, int height, double per_second);

  void Add(const render::Image& image);  // it is seen now
  // Writes the film and tells where it is.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  double per_second_;
  std::unique_ptr<render::FrameSink> sink_;
  Clock::time_point begin_ = Clock::now();
  std::int64_t frames_ = 0;
};

}  // namespace anole::view
