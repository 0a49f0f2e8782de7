// Episodes as files have them: those of an adaptation in simulation, with the motion beneath.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "agents/control/episode.h"
#include "tools/run/run.h"

namespace anole::exports {

struct RecordedEpisode {
  Episode episode;
  Matrix qpos, qvel;  // (nq x length), (nv x length): where each observation was made
};

struct Recording {
  std::vector<std::vector<RecordedEpisode>> batches;  // each of one policy
  double control_dt = 0;                              // [s]
  std::vector<std::string> reward_terms;
};

// The batches that an adaptation by the run's evaluation options learns from; with_last: and the
// one that scores what the last update has reached. Without updates, the one before. Throws
// std::runtime_error where updates break the parameters, so that there is no policy.
Recording Record(const Run& run, const AdaptationRequest& task, bool with_last);

// A control step as files tell it: its place, counted from 0 on. Episodes without a step, which
// diverged in their first, have no place.
struct PlacedStep {
  std::int64_t batch = 0, episode = 0, step = 0;
  const RecordedEpisode& recorded;

  bool is_last() const { return step + 1 == recorded.episode.length; }
};

// visit(step) of all steps, in their order.
void ForEachStep(const Recording& recording,
                 const std::function<void(const PlacedStep& step)>& visit);

// (rows x steps): one of the matrices of some episodes, episode after episode.
Matrix SideBySide(std::span<const Episode> episodes, Matrix Episode::* matrix);

// What files call the end of an episode.
const char* WordOfEnd(End end);

}  // namespace anole::exports
