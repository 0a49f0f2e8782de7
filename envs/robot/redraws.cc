#include "envs/robot/redraws.h"

#include <algorithm>
#include <cmath>

#include "configs/user_error.h"
#include "envs/robot/short_number.h"

namespace anole {

void RedrawOptions::Describe(VisitOf<RedrawOptions> visit) {
  visit("every", &RedrawOptions::every,
        {.help = "drawn anew after this time within an episode; 0: never",
         .unit = "s",
         .min = 0,
         .max = 1e6});
  visit("every_most", &RedrawOptions::every_most,
        {.help = "where it is more than every, the times are drawn between them, and are the same "
                 "of all sections of this kind that have the same two; 0: all are every",
         .unit = "s",
         .min = 0,
         .max = 1e6});
  visit("times", &RedrawOptions::times,
        {.help = "uniform: every, or between it and every_most; exponential: of any length, with "
                 "every as their mean"});
}

std::string RedrawOptions::told() const {
  if (every == 0) return "";
  std::string text = "every " + ShortNumber(every);
  if (every_most > every) text += " to " + ShortNumber(every_most);
  return text + (times == RedrawTimes::kExponential ? " s on average" : " s");
}

void RedrawOptions::Check(double control_dt) const {
  StepsOf("every", every, control_dt);
  StepsOf("every_most", every_most, control_dt);
  if (every == 0 && times == RedrawTimes::kExponential) {
    throw OptionError("times", "without every, the mean time");
  }
  if (every_most == 0) return;
  if (times == RedrawTimes::kExponential) {
    throw OptionError("every_most", "is of uniform times; exponential ones have no longest");
  }
  if (every == 0) throw OptionError("every_most", "without every, the shortest time");
  if (every_most < every) throw OptionError("every_most", "is less than every");
}

std::int64_t StepsOf(const std::string& option, double time, double control_dt) {
  const double steps = time / control_dt, whole = std::round(steps);
  if (std::abs(steps - whole) < 1e-6 && (time == 0 || whole >= 1)) {
    return static_cast<std::int64_t>(whole);
  }
  throw OptionError(
      option, "must be a multiple of the control step, " + ShortNumber(control_dt) + " s, or 0");
}

void Redraws::Add(const RedrawOptions& options, double control_dt) {
  options.Check(control_dt);
  all_.push_back(options);
  steps_.emplace_back(StepsOf("every", options.every, control_dt),
                      StepsOf("every_most", options.every_most, control_dt));
}

bool Redraws::IsDue(std::size_t i, double step, VectorIn next) const {
  if (all_[i].are_random()) return step == next[static_cast<Eigen::Index>(i)];
  const std::int64_t every = steps_[i].first;
  return every > 0 && static_cast<std::int64_t>(step) % every == 0;
}

double Redraws::DrawTime(std::size_t i, Rng& rng) const {
  const auto [every, most] = steps_[i];
  const auto least = static_cast<double>(every);
  if (all_[i].times == RedrawTimes::kExponential) {
    // In whole control steps those are geometric, which keeps the mean.
    const double share = rng.Uniform(0, 1);
    return every == 1 ? 1 : std::max(1.0, std::ceil(std::log1p(-share) / std::log1p(-1 / least)));
  }
  return std::floor(rng.Uniform(least, static_cast<double>(most) + 1));
}

void Redraws::DrawTimes(double step, Rng& rng, VectorOut next) const {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].are_random() || step < next[static_cast<Eigen::Index>(i)]) continue;
    const double then = step + DrawTime(i, rng);
    for (std::size_t j = i; j < all_.size(); ++j) {
      if (all_[j] == all_[i]) next[static_cast<Eigen::Index>(j)] = then;
    }
  }
}

}  // namespace anole
