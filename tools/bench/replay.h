// The physics of an episode alone: what bare mj_step needs to move as the episode did.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/control/episode.h"
#include "envs/stage.h"

namespace anole::bench {

struct Track {
  // Before a physics step; empty where mjData has it already.
  struct Change {
    Vector inputs;      // what moves the body from outside, controls above all (mjSTATE_USER)
    Vector motion;      // where more than physics has moved it, as a push does
                        // (mjSTATE_FULLPHYSICS)
    Vector warm_start;  // where forces were asked for meanwhile (mjSTATE_WARMSTART)
  };

  Vector begin;  // the state that mj_step depends on (mjSTATE_INTEGRATION)
  std::vector<Change> changes;
  int substeps = 1;  // physics steps for each control step
  Vector end;        // (mjSTATE_FULLPHYSICS)
};

// episode: on `task` at `address`. The stage is left where the episode ended.
Track RecordTrack(VectorIn task, const Address& address, const Episode& episode, Stage& stage);

// Puts `data` where the track begins.
void BeginTrack(const mjModel& model, const Track& track, mjData& data);

// From there on, nothing but mj_step. In a file of its own, so that profilers see it as a function.
void Replay(const mjModel& model, const Track& track, mjData& data);

// Of that, control step `step`.
void ReplayStep(const mjModel& model, const Track& track, std::int64_t step, mjData& data);

// Throws std::logic_error where `data` is in any bit not where the track ended.
void CheckEnd(const mjModel& model, const Track& track, const mjData& data);

}  // namespace anole::bench
