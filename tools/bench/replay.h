// The physics of an episode alone: what bare mj_step needs to move as the episode did.
#pragma once

#include "agents/control/episode.h"
#include "envs/stage.h"

namespace anole::bench {

struct Track {
  Vector qpos, qvel;  // where it begins
  Matrix controls;    // (motors x control steps), as the family told them
  int substeps = 1;   // physics steps for each control step
  Vector last_qpos;   // where it ended
};

// episode: on `task` at `address`. The stage is left where the episode ended.
Track RecordTrack(VectorIn task, const Address& address, const Episode& episode, Stage& stage);

// Puts `data` where the track begins.
void BeginTrack(const mjModel& model, const Track& track, mjData& data);

// From there on, nothing but mj_step. In a file of its own, so that profilers see it as a function.
void Replay(const mjModel& model, const Track& track, mjData& data);

// Throws std::logic_error where `data` is in any bit not where the track ended.
void CheckEnd(const Track& track, const mjData& data);

}  // namespace anole::bench
