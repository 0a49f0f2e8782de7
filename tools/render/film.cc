#include "tools/render/film.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "tools/count_text.h"

namespace anole {
namespace {

constexpr int kStripFontScale = 150;
constexpr int kStripGap = 6;  // [pixels] of white between the parts of a strip

// For letters of about a twenty-fourth of the picture's height, if it is no narrow one.
int FontScale(int width, int height) {
  const int size = std::min(height, width * 3 / 4);
  return std::clamp((size + 180) / 240 * 50, 50, 300);
}

const char* EndText(End end) {
  switch (end) {
    case End::kTerminated:
      return " (terminated)";
    case End::kDiverged:
      return " (diverged)";
    case End::kTimeLimit:
      break;
  }
  return "";
}

}  // namespace

Film::Film(const TaskFamily& family, VectorIn task, const std::vector<Take>& takes,
           SceneRenderer& renderer)
    : family_(family), task_(task), marks_(family, task), takes_(takes), renderer_(renderer) {}

std::int64_t Film::LongestTake() const {
  std::int64_t longest = 0;
  for (const Take& take : takes_) longest = std::max(longest, take.episode.length);
  return longest;
}

std::int64_t Film::frames(bool side_by_side) const {
  if (side_by_side) return LongestTake() + 1;
  std::int64_t sum = 0;
  for (const Take& take : takes_) sum += take.episode.length + 1;
  return sum;
}

SceneRenderer::View Film::See(const Take& take, const Replay& replay) const {
  SceneRenderer::View view;
  view.state = &replay.shown();
  view.marks = marks_.Geoms(replay);
  view.caption.title = CountText(take.updates, "update");
  std::vector<CaptionLine>& lines = view.caption.lines;
  lines = marks_.Goal();
  for (CaptionLine& line : marks_.Achieved(replay)) lines.push_back(std::move(line));
  lines.push_back({"time", fmt::format("{:.2f} s", replay.time()) +
                               (replay.done() ? EndText(take.episode.end) : "")});
  lines.push_back({"return", fmt::format("{:.1f}", replay.return_so_far())});
  return view;
}

bool Film::Shoot(bool side_by_side, int width, int height, FrameSink& sink,
                 const ProgressFunction& progress) {
  std::int64_t done = 0;
  // The takes in [first, last), each in its part of the frame. False where it was stopped.
  const auto shoot = [&](std::size_t first, std::size_t last) {
    std::vector<std::unique_ptr<Replay>> replays;
    for (std::size_t i = first; i < last; ++i) {
      replays.push_back(
          std::make_unique<Replay>(family_, task_, takes_[i].address, takes_[i].episode));
    }
    const int parts = static_cast<int>(replays.size());
    Image frame(width, height);
    for (bool over = false; !over;) {
      over = true;
      for (int i = 0; i < parts; ++i) {
        Replay& replay = *replays[static_cast<std::size_t>(i)];
        const int left = width * i / parts, right = width * (i + 1) / parts;
        const Take& take = takes_[first + static_cast<std::size_t>(i)];
        SceneRenderer::View view = See(take, replay);
        view.font_scale = FontScale(right - left, height);
        frame.Paste(renderer_.Draw(view, right - left, height), left, 0);
        // An episode that is over stays as it ended.
        if (!replay.done()) {
          replay.Step();
          over = false;
        }
      }
      sink.Add(frame);
      if (!progress(++done)) return false;
    }
    return true;
  };
  const std::size_t together = side_by_side ? takes_.size() : 1;
  for (std::size_t i = 0; i < takes_.size(); i += together) {
    if (!shoot(i, i + together)) return false;
  }
  sink.Finish();
  return true;
}

Image Film::Strip(int columns, int width, int height) {
  const int rows = static_cast<int>(takes_.size());
  Image strip(columns * (width + kStripGap) - kStripGap, rows * (height + kStripGap) - kStripGap);
  std::ranges::fill(strip.rgb, 255);
  for (int row = 0; row < rows; ++row) {
    const Take& take = takes_[static_cast<std::size_t>(row)];
    Replay replay(family_, task_, take.address, take.episode);
    for (int column = 0; column < columns; ++column) {
      const std::int64_t step = LongestTake() * column / std::max(columns - 1, 1);
      while (replay.steps() < step && !replay.done()) replay.Step();
      SceneRenderer::View view = See(take, replay);
      // The parts are small: few words, and large ones.
      std::vector<CaptionLine>& lines = view.caption.lines;
      lines = column == 0 ? marks_.Goal() : marks_.Achieved(replay);
      for (CaptionLine& line : lines) line.name.clear();
      lines.insert(lines.begin(),
                   {"", column == 0 ? view.caption.title : fmt::format("{:.1f} s", replay.time())});
      view.caption.title.clear();
      view.font_scale = kStripFontScale;
      strip.Paste(renderer_.Draw(view, width, height), column * (width + kStripGap),
                  row * (height + kStripGap));
    }
  }
  return strip;
}

}  // namespace anole
