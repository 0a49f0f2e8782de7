#include "tools/render/frame_rate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace anole::render {
namespace {

constexpr double kMostPerSecond = 240;                       // nothing plays more
constexpr std::int64_t kLeastDelay = 2, kMostDelay = 65535;  // of a GIF [1/100 s]

// The fraction with the smallest denominator that is as good as exact, else microseconds.
FrameRate Fraction(double interval) {
  for (std::int64_t seconds = 1; seconds <= 1000; ++seconds) {
    const double frames = static_cast<double>(seconds) / interval;
    const double whole = std::round(frames);
    if (whole >= 1 && std::abs(frames - whole) < 1e-6 * whole) {
      return {static_cast<std::int64_t>(whole), seconds};
    }
  }
  constexpr std::int64_t kMillion = 1'000'000;
  const std::int64_t microseconds = std::llround(interval * kMillion);
  const std::int64_t common = std::gcd(kMillion, microseconds);
  return {kMillion / common, microseconds / common};
}

FrameRate OfDelay(std::int64_t hundredths) {
  const std::int64_t common = std::gcd(std::int64_t{100}, hundredths);
  return {100 / common, hundredths / common};
}

}  // namespace

std::int64_t FrameRate::FramesIn(double time) const {
  constexpr double kRounding = 1e-6;  // of a frame: times are sums of steps
  return static_cast<std::int64_t>(std::floor(time * per_second() + kRounding));
}

FrameRate ChooseFrameRate(double control_dt, Delays delays) {
  if (delays == Delays::kAny) {
    const double steps = std::ceil(1 / (kMostPerSecond * control_dt) - 1e-9);  // in a frame
    return Fraction(std::max(steps, 1.) * control_dt);
  }
  const double hundredths = std::round(100 * control_dt);
  return OfDelay(static_cast<std::int64_t>(
      std::clamp(hundredths, static_cast<double>(kLeastDelay), static_cast<double>(kMostDelay))));
}

double LastFrame(double duration, std::int64_t frames, const FrameRate& rate) {
  return std::max(duration - rate.Begin(frames - 1), rate.Begin(1));
}

}  // namespace anole::render
