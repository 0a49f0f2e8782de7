#include "tools/render/frame_rate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole::render {
namespace {

double Length(const FrameRate& rate, double duration) {
  const auto frames = std::max<std::int64_t>(rate.FramesIn(duration), 1);
  return rate.Begin(frames - 1) + LastFrame(duration, frames, rate);
}

TEST(ChooseFrameRate, IsAFractionThatVideosStore) {
  const auto rate = [](double control_dt) {
    const FrameRate chosen = ChooseFrameRate(control_dt, Delays::kAny);
    return std::pair(chosen.frames, chosen.seconds);
  };
  using Pair = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(rate(0.05), Pair(20, 1));
  EXPECT_EQ(rate(0.008), Pair(125, 1));
  EXPECT_EQ(rate(0.015), Pair(200, 3));
  EXPECT_EQ(rate(1. / 30), Pair(30, 1));
  EXPECT_EQ(rate(2), Pair(1, 2));
  EXPECT_EQ(rate(0.0001), Pair(5000, 21)) << "nobody sees 10,000 frames in a second";
}

TEST(ChooseFrameRate, KeepsAFrameAStepWhereAGifCan) {
  for (const int hundredths : {2, 3, 4, 5, 6, 10, 100, 1000}) {
    const double control_dt = hundredths / 100.;
    const FrameRate rate = ChooseFrameRate(control_dt, Delays::kHundredths);
    EXPECT_NEAR(rate.per_second(), 1 / control_dt, 1e-9) << hundredths;
    EXPECT_EQ(rate.FramesIn(77 * control_dt), 77);
  }
}

// Delays of a GIF are whole hundredths, and viewers take those below two for ten.
TEST(ChooseFrameRate, LastsAsLongAsWhatIsShown) {
  for (const double control_dt : {0.0005, 0.002, 0.005, 0.008, 0.01, 0.012, 0.015, 1. / 60, 0.02,
                                  0.025, 1. / 30, 0.04, 0.05, 0.0725, 0.1, 0.333, 1., 7.7}) {
    for (const int steps : {20, 50, 77, 100, 123, 200, 1000}) {
      const double duration = steps * control_dt;
      const FrameRate any = ChooseFrameRate(control_dt, Delays::kAny);
      EXPECT_NEAR(Length(any, duration), duration, 1e-9 + 1e-6 * duration) << control_dt;
      if (control_dt * 240 >= 1) {
        EXPECT_EQ(any.FramesIn(duration), steps) << control_dt;
      }
      const FrameRate gif = ChooseFrameRate(control_dt, Delays::kHundredths);
      if (duration < 2 / gif.per_second()) continue;
      EXPECT_NEAR(Length(gif, duration), duration, 1e-9) << control_dt << " " << steps;
      const double delay = 100 / gif.per_second();
      EXPECT_NEAR(delay, std::round(delay), 1e-9);
      EXPECT_GE(delay, 2 - 1e-9);
    }
  }
}

TEST(FrameRate, CountsFrames) {
  const FrameRate rate{200, 3};
  EXPECT_EQ(rate.FramesIn(3), 200);
  EXPECT_EQ(rate.FramesIn(0), 0);
  EXPECT_DOUBLE_EQ(rate.Begin(200), 3);
}

}  // namespace
}  // namespace anole::render
