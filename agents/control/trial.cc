#include "agents/control/trial.h"

#include <algorithm>
#include <cstddef>

namespace anole {

Episode JoinTrial(std::span<const Episode> episodes) {
  const auto end = std::ranges::find(episodes, End::kDiverged, &Episode::end);
  const auto usable = episodes.first(static_cast<std::size_t>(end - episodes.begin()));
  if (usable.empty()) return episodes.front();
  Episode trial = usable.back();  // how it ended
  trial.length = 0;
  for (const Episode& episode : usable) trial.length += episode.length;
  trial.observations.resize(trial.observations.rows(), trial.length);
  trial.privileged.resize(trial.privileged.rows(), trial.length);
  trial.actions.resize(trial.actions.rows(), trial.length);
  trial.reward_terms.resize(trial.reward_terms.rows(), trial.length);
  trial.rewards.resize(trial.length);
  trial.log_probs.resize(trial.length);
  trial.undiscounted_return = 0;
  std::int64_t first = 0;
  for (const Episode& episode : usable) {
    const std::int64_t length = episode.length;
    trial.observations.middleCols(first, length) = episode.observations.leftCols(length);
    trial.privileged.middleCols(first, length) = episode.privileged.leftCols(length);
    trial.actions.middleCols(first, length) = episode.actions.leftCols(length);
    trial.reward_terms.middleCols(first, length) = episode.reward_terms.leftCols(length);
    trial.rewards.segment(first, length) = episode.rewards.head(length);
    trial.log_probs.segment(first, length) = episode.log_probs.head(length);
    trial.undiscounted_return += episode.undiscounted_return;
    first += length;
  }
  return trial;
}

}  // namespace anole
