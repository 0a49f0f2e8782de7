// How fast the frames of a film follow each other, so that it lasts as long as what it shows.
#pragma once

#include <cstdint>

namespace anole::render {

// A fraction, as files of videos store it: 200 frames in 3 seconds.
struct FrameRate {
  std::int64_t frames = 1, seconds = 1;

  double per_second() const { return static_cast<double>(frames) / static_cast<double>(seconds); }

  // Whole frames within `time` [s].
  std::int64_t FramesIn(double time) const;
  // When frame `number`, from 0 on, begins [s].
  double Begin(std::int64_t number) const { return static_cast<double>(number) / per_second(); }
};

// What can be stored: any rate, or the delays of a GIF, which are whole hundredths of a second of
// which viewers take 0 and 1 for ten.
enum class Delays { kAny, kHundredths };

// For control steps of `control_dt` [s]: a frame a control step where that can be stored and seen,
// else a frame for several, or as near to one as can be.
FrameRate ChooseFrameRate(double control_dt, Delays delays);

// How long the last of `frames` is to be seen [s], so that the film lasts `duration` [s]: as long
// as the others, or longer where a part of a frame was left.
double LastFrame(double duration, std::int64_t frames, const FrameRate& rate);

}  // namespace anole::render
