#include "tools/app/render_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <functional>

#include "configs/user_error.h"
#include "envs/random.h"
#include "tools/report/zoo/entry.h"

namespace anole::app {
namespace {

constexpr int kWidth = 640, kHeight = 480;  // [pixels] of one view
constexpr int kMaxDefaultWidth = 1920;
constexpr int kMinSize = 64, kMaxSize = 4096;  // [pixels]

// The integers in "1,2,3" or "640x480"; none where there is anything else.
std::vector<std::int64_t> ParseIntegers(const std::string& text, char separator) {
  std::vector<std::int64_t> numbers;
  const char* next = text.data();
  const char* const end = next + text.size();
  while (true) {
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(next, end, number);
    if (error != std::errc()) return {};
    numbers.push_back(number);
    if (rest == end) return numbers;
    if (*rest != separator) return {};
    next = rest + 1;
  }
}

std::vector<std::int64_t> ParseUpdates(const std::string& text) {
  std::vector<std::int64_t> updates = ParseIntegers(text, ',');
  const auto possible = [](std::int64_t k) { return k >= 0 && k <= Address::kMaxInnerStep; };
  if (updates.empty() || !std::ranges::all_of(updates, possible)) {
    throw UserError(
        fmt::format("--updates={}: must be numbers of updates with commas, such as "
                    "0,1,3, each 0 to {}",
                    text, Address::kMaxInnerStep));
  }
  return updates;
}

}  // namespace

PictureSize ParseSize(const std::string& text, int least) {
  const std::vector<std::int64_t> size = ParseIntegers(text, 'x');
  const auto possible = [&](std::int64_t n) { return n >= least && n <= kMaxSize; };
  if (size.size() != 2 || !std::ranges::all_of(size, possible)) {
    throw UserError(
        fmt::format("--size={}: must be WIDTHxHEIGHT in pixels, such as 1280x720, "
                    "each {} to {}",
                    text, least, kMaxSize));
  }
  return {static_cast<int>(size[0]), static_cast<int>(size[1])};
}

std::filesystem::path VideoHome(const RunDirectory& run) {
  return zoo::IsEntry(run.path()) ? std::filesystem::path(run.name()) : run.path();
}

RenderRequest ParseRenderRequest(const CommandLine& line, std::int64_t last_update,
                                 const std::filesystem::path& default_out) {
  RenderRequest request;
  request.side_by_side = line.Has("side-by-side");
  if (const auto text = line.Get("updates")) {
    request.updates = ParseUpdates(*text);
  } else {
    request.updates = {0};
    if (last_update > 0) request.updates.push_back(last_update);
  }

  const int views = request.side_by_side ? static_cast<int>(request.updates.size()) : 1;
  request.width = std::max(std::min(views * kWidth, kMaxDefaultWidth), views * kMinSize);
  request.height = kHeight;
  if (const auto text = line.Get("size")) {
    const PictureSize size = ParseSize(*text, kMinSize);
    request.width = size.width;
    request.height = size.height;
  }
  if (request.width < views * kMinSize || request.width > kMaxSize) {
    throw UserError(
        fmt::format("--side-by-side: {} views need a wider frame than {} pixels, or "
                    "fewer --updates",
                    views, std::min(request.width, kMaxSize)));
  }

  if (const auto text = line.Get("quality")) {
    if (*text != "draft" && *text != "full") {
      throw UserError("--quality=" + *text + ": must be draft or full");
    }
    request.quality = *text == "draft" ? render::Quality::kDraft : render::Quality::kFull;
  }
  request.camera = line.Get("camera").value_or(request.camera);
  request.strip = line.Get("strip").value_or("");
  if (line.Has("strip") && request.strip.extension() != ".png") {
    throw UserError("--strip=" + request.strip.string() + ": must end in .png");
  }
  request.out = line.Get("out").value_or(line.Has("strip") ? "" : default_out.string());
  return request;
}

std::filesystem::path DefaultVideo(const CommandLine& line) {
  constexpr std::size_t kLongest = 180;  // of 255 bytes that a name may have
  std::string name = "adaptation";
  for (const char* flag : {"goal", "task", "theta", "updates"}) {
    if (const auto value = line.Get(flag)) name += fmt::format("-{}={}", flag, *value);
  }
  if (line.Has("side-by-side")) name += "-side-by-side";
  for (const auto& [option, value] : line.settings) name += fmt::format("-{}={}", option, value);
  if (name.size() > kLongest) {
    const std::size_t rest = std::hash<std::string>()(name);
    name = fmt::format("{}-{:x}", name.substr(0, kLongest), rest);
  }
  // A file name of one part, which shells need not have quoted.
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::strchr("-=,._", c) != nullptr;
  };
  std::ranges::replace_if(name, std::not_fn(is_plain), '_');
  return std::filesystem::path("videos") / (name + ".mp4");
}

const std::vector<Flag>& RenderRequestFlags() {
  static const std::vector<Flag> kFlags = {
      {"updates", "K,...",
       "show an episode after each of these numbers of updates; default: 0 and "
       "the run's evaluation.updates"},
      {"side-by-side", "", "show them in one frame, in step; else one after the other"},
      {"out", "PATH",
       "FILE.mp4, FILE.gif, or a folder for PNG frames; default: RUN/videos/adaptation....mp4, "
       "named "
       "after the task and what else is chosen"},
      {"strip", "FILE.png",
       "draw a strip as well: six moments of each episode in one picture; "
       "without --out instead of a video"},
      {"size", "WxH", "of a frame in pixels; default: 640x480 for each view, at most 1920 wide"},
      {"camera", "NAME",
       "a camera of the model; default: track, if it has that, else one from the side that follows "
       "the body"},
      {"quality", "draft|full", "draft is four times as fast without a GPU; default: full"}};
  return kFlags;
}

}  // namespace anole::app
