#include "tools/render/film.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace anole::render {
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

// The frames of a part of a film: counted from the film's start, so that what is rounded
// does not add up over many parts. Each part has one.
std::int64_t FramesOf(double begin, double duration, const FrameRate& rate) {
  return std::max<std::int64_t>(rate.FramesIn(begin + duration) - rate.FramesIn(begin), 1);
}

}  // namespace

Film::Film(const TaskFamily& family, VectorIn task, const std::vector<Take>& takes,
           SceneRenderer& renderer)
    : family_(family),
      task_(task),
      marks_(family, renderer.model(), task),
      takes_(takes),
      renderer_(renderer) {}

std::int64_t Film::LongestTake() const {
  std::int64_t longest = 0;
  for (const Take& take : takes_) longest = std::max(longest, take.episode.length);
  return longest;
}

std::vector<Film::Part> Film::Parts(bool side_by_side) const {
  const double dt = family_.spec().control_dt;
  if (side_by_side) return {{0, takes_.size(), 0, static_cast<double>(LongestTake()) * dt}};
  std::vector<Part> parts;
  double begin = 0;
  for (std::size_t i = 0; i < takes_.size(); ++i) {
    parts.push_back({i, i + 1, begin, static_cast<double>(takes_[i].episode.length) * dt});
    begin += parts.back().duration;
  }
  return parts;
}

double Film::Duration(bool side_by_side) const {
  const std::vector<Part> parts = Parts(side_by_side);
  return parts.back().begin + parts.back().duration;
}

std::int64_t Film::Frames(const Format& format) const {
  std::int64_t sum = 0;
  for (const Part& part : Parts(format.side_by_side)) {
    sum += FramesOf(part.begin, part.duration, format.rate);
  }
  return sum;
}

SceneRenderer::View Film::See(const Take& take, const Replay& replay) const {
  SceneRenderer::View view;
  view.state = &replay.view().shown();
  view.marks = marks_.Geoms(replay.view());
  view.caption.title = take.when;
  std::vector<CaptionLine>& lines = view.caption.lines;
  lines = marks_.Goal();
  for (CaptionLine& line : marks_.Achieved(replay.view())) lines.push_back(std::move(line));
  lines.push_back({"time", fmt::format("{:.2f} s", replay.time()) +
                               (replay.done() ? EndText(take.episode.end) : "")});
  lines.push_back({"return", fmt::format("{:.1f}", replay.return_so_far())});
  return view;
}

bool Film::ShootPart(const Part& part, const Format& format, FrameSink& sink,
                     const std::function<bool()>& progress) {
  std::vector<std::unique_ptr<Replay>> replays;
  for (std::size_t i = part.first; i < part.last; ++i) {
    replays.push_back(
        std::make_unique<Replay>(family_, task_, takes_[i].address, takes_[i].episode));
  }
  const int views = static_cast<int>(replays.size());
  const std::int64_t frames = FramesOf(part.begin, part.duration, format.rate);
  std::vector<bool> is_still(replays.size());  // its episode is over, and the end is drawn
  Image picture(format.width, format.height);
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const double end = format.rate.Begin(frame + 1);
    const bool is_last = frame + 1 == frames;
    for (int i = 0; i < views; ++i) {
      const auto place = static_cast<std::size_t>(i);
      Replay& replay = *replays[place];
      if (is_still[place]) continue;
      // An episode that is over stays as it ended.
      const std::int64_t step =
          is_last ? replay.episode().length : std::llround(end / family_.spec().control_dt);
      while (replay.steps() < step && !replay.done()) replay.Step();
      const int left = format.width * i / views, right = format.width * (i + 1) / views;
      SceneRenderer::View view = See(takes_[part.first + place], replay);
      view.font_scale = FontScale(right - left, format.height);
      picture.Paste(renderer_.Draw(view, right - left, format.height), left, 0);
      is_still[place] = replay.done();
    }
    sink.Add(picture);
    if (!progress()) return false;
  }
  return true;
}

bool Film::Shoot(const Format& format, FrameSink& sink, const ProgressFunction& progress) {
  std::int64_t done = 0;
  for (const Part& part : Parts(format.side_by_side)) {
    if (!ShootPart(part, format, sink, [&] { return progress(++done); })) return false;
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
      lines = column == 0 ? marks_.Goal() : marks_.Achieved(replay.view());
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

}  // namespace anole::render
