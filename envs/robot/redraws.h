// When something of an episode is drawn anew within it: after so much time, or after random times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "configs/words.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

// Of what distribution the times are.
enum class RedrawTimes { kUniform, kExponential };

constexpr auto WordsOf(RedrawTimes) {
  return Words<RedrawTimes>(
      {{RedrawTimes::kUniform, "uniform"}, {RedrawTimes::kExponential, "exponential"}});
}

struct RedrawOptions {
  double every = 0;       // [s]; 0: never
  double every_most = 0;  // [s]: where it is more, a time is drawn from these two
  RedrawTimes times = RedrawTimes::kUniform;  // or exponential, with every as their mean

  bool operator==(const RedrawOptions&) const = default;
  bool are_random() const {
    return every > 0 && (every_most > every || times == RedrawTimes::kExponential);
  }
  std::string told() const;  // "every 8 to 12 s"; "": never

  // Throws OptionError. control_dt: [s]
  void Check(double control_dt) const;

  static void Describe(VisitOf<RedrawOptions> visit);
};

// How many control steps a time is. Throws OptionError of `option` where that is no whole number,
// or the time is less than one of them and not 0.
std::int64_t StepsOf(const std::string& option, double time, double control_dt);

// Those of several things, in control steps. What says the same times is drawn at the same moments.
class Redraws {
 public:
  // Throws OptionError. control_dt: [s]
  void Add(const RedrawOptions& options, double control_dt);

  std::size_t size() const { return all_.size(); }

  // Whether number `i` is drawn anew after control step `step` >= 1. next: (size()), of DrawTimes.
  bool IsDue(std::size_t i, double step, VectorIn next) const;

  // After which control steps those are drawn anew that have just been drawn, after `step` of them,
  // where that is random. next: (size()), zeros at the start of an episode.
  void DrawTimes(double step, Rng& rng, VectorOut next) const;

 private:
  double DrawTime(std::size_t i, Rng& rng) const;

  std::vector<RedrawOptions> all_;
  std::vector<std::pair<std::int64_t, std::int64_t>> steps_;  // least and most; 0: never
};

}  // namespace anole
