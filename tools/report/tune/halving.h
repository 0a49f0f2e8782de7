// Successive halving (Jamieson, Talwalkar 2016, "Non-stochastic Best Arm Identification"): all
// trials are trained a little, the best share of them goes on for longer, and so on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anole::tune {

struct Rung {
  std::int64_t trials = 0;     // that are trained up to here
  std::int64_t env_steps = 0;  // of each of them since its start
};

// The first rung has all `trials`; from each to the next, their number is divided by `eta`, rounded
// down, and their steps are multiplied by it, up to `env_steps` in the last one. Of the last rungs
// there may be none or one left. eta: at least 2; rungs: at least 1.
std::vector<Rung> Rungs(std::int64_t trials, std::int64_t env_steps, std::int64_t eta,
                        std::int64_t rungs);

// All trials, best first, by their scores on the rungs that they have come to, (trials x rungs that
// they came to): whoever has come further is ahead, then the score on the last one counts, then the
// lower number. A score that is no number is behind all others.
std::vector<std::size_t> Ranking(const std::vector<std::vector<double>>& scores,
                                 bool higher_is_better);

}  // namespace anole::tune
