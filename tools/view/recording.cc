#include "tools/view/recording.h"

#include <fmt/format.h>

#include "tools/run/logs/log.h"

namespace anole::view {

Recording::Recording(const std::filesystem::path& path, int width, int height, double per_second)
    : per_second_(per_second) {
  const render::VideoFormat format{
      .width = width,
      .height = height,
      .rate = render::ChooseFrameRate(1 / per_second, render::DelaysOf(path)),
      .fast = true};
  render::CheckOutput(path, format);
  sink_ = render::MakeFrameSink(path, format);
}

void Recording::Add(const render::Image& image) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  for (; frames_ < static_cast<std::int64_t>(seconds * per_second_); ++frames_) sink_->Add(image);
}

void Recording::Finish() {
  sink_->Finish();
  LogInfo(fmt::format("the recording is in {}", sink_->path().string()));
}

}  // namespace anole::view
