#include "tools/render/frame_rate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole {
namespace {

double Length(const FrameRate& rate, double duration) {
  return rate.Begin(std::max<std::int64_t>(rate.FramesIn(duration), 1));
}

TEST(ChooseFrameRate, IsAFractionThatVideosStore) {
  const auto rate = [](double control_dt) {
    const FrameRate chosen = ChooseFrameRate(control_dt, 5, Delays::kAny);
    return std::pair(chosen.frames, chosen.seconds);
  };
  using Pair = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(rate(0.05), Pair(20, 1));
  EXPECT_EQ(rate(0.008), Pair(125, 1));
  EXPECT_EQ(rate(0.015), Pair(200, 3));
  EXPECT_EQ(rate(1. / 30), Pair(30, 1));
  EXPECT_EQ(rate(2), Pair(1, 2));
  EXPECT_EQ(rate(0.0001), Pair(50, 1)) << "nobody sees 10,000 frames in a second";
}

TEST(ChooseFrameRate, KeepsAFrameAStepWhereAGifCan) {
  for (const int hundredths : {2, 3, 4, 5, 6, 10, 100, 1000}) {
    const double control_dt = hundredths / 100.;
    const FrameRate rate = ChooseFrameRate(control_dt, 77 * control_dt, Delays::kHundredths);
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
      const FrameRate any = ChooseFrameRate(control_dt, duration, Delays::kAny);
      const double at_best = 0.02 / any.per_second();  // a film has whole frames
      EXPECT_NEAR(Length(any, duration), duration, 0.001 * duration + at_best) << control_dt;
      if (duration < 0.25) continue;  // of which 2 % are not half a hundredth
      const FrameRate gif = ChooseFrameRate(control_dt, duration, Delays::kHundredths);
      EXPECT_NEAR(Length(gif, duration), duration, 0.02 * duration) << control_dt << " " << steps;
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
}  // namespace anole
