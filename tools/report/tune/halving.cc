#include "tools/report/tune/halving.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>

namespace anole::tune {

std::vector<Rung> Rungs(std::int64_t trials, std::int64_t env_steps, std::int64_t eta,
                        std::int64_t rungs) {
  std::vector<Rung> all(static_cast<std::size_t>(rungs));
  for (Rung& rung : all) {
    rung.trials = trials;
    trials /= eta;
  }
  for (Rung& rung : std::views::reverse(all)) {
    rung.env_steps = env_steps;
    env_steps /= eta;
  }
  return all;
}

std::vector<std::size_t> Ranking(const std::vector<std::vector<double>>& scores,
                                 bool higher_is_better) {
  const auto value = [&](std::size_t trial) {
    const double score = scores[trial].empty() ? std::nan("") : scores[trial].back();
    if (std::isnan(score)) return -std::numeric_limits<double>::infinity();
    return higher_is_better ? score : -score;
  };
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    if (scores[a].size() != scores[b].size()) return scores[a].size() > scores[b].size();
    return value(a) > value(b);
  });
  return order;
}

}  // namespace anole::tune
