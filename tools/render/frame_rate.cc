#include "tools/render/frame_rate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace anole {
namespace {

constexpr double kMostPerSecond = 240;  // nothing plays more
constexpr std::int64_t kFew = 50;       // frames per second, in place of too many

constexpr std::int64_t kLeastDelay = 2, kMostDelay = 65535;  // of a GIF [1/100 s]

// The fraction with the smallest denominator that is as good as exact, else microseconds.
FrameRate Fraction(double control_dt) {
  for (std::int64_t seconds = 1; seconds <= 1000; ++seconds) {
    const double frames = static_cast<double>(seconds) / control_dt;
    const double whole = std::round(frames);
    if (whole >= 1 && std::abs(frames - whole) < 1e-6 * whole) {
      return {static_cast<std::int64_t>(whole), seconds};
    }
  }
  constexpr std::int64_t kMillion = 1'000'000;
  const std::int64_t microseconds = std::llround(control_dt * kMillion);
  const std::int64_t common = std::gcd(kMillion, microseconds);
  return {kMillion / common, microseconds / common};
}

FrameRate OfDelay(std::int64_t hundredths) {
  const std::int64_t common = std::gcd(std::int64_t{100}, hundredths);
  return {100 / common, hundredths / common};
}

// By how much of `duration` the frames last too long or too short.
double Error(const FrameRate& rate, double duration) {
  const std::int64_t frames = std::max<std::int64_t>(rate.FramesIn(duration), 1);
  return std::abs(rate.Begin(frames) - duration) / duration;
}

}  // namespace

std::int64_t FrameRate::FramesIn(double time) const { return std::llround(time * per_second()); }

FrameRate ChooseFrameRate(double control_dt, double duration, Delays delays) {
  if (delays == Delays::kAny) {
    return control_dt * kMostPerSecond < 1 ? FrameRate{kFew, 1} : Fraction(control_dt);
  }
  constexpr double kGoodEnough = 0.005;
  constexpr std::int64_t kTried = 4;  // delays, each a little longer
  const std::int64_t nearest =
      std::clamp(static_cast<std::int64_t>(std::min(std::round(100 * control_dt), 1e9)),
                 kLeastDelay, kMostDelay);
  FrameRate best;
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t delay = nearest; delay < std::min(nearest + kTried, kMostDelay + 1); ++delay) {
    const FrameRate rate = OfDelay(delay);
    const double error = Error(rate, duration);
    if (error < least) {
      least = error;
      best = rate;
    }
    if (least <= kGoodEnough) break;
  }
  return best;
}

}  // namespace anole
