// The state in which a robot's episodes begin: that of a keyframe, or what a reset of MuJoCo's
// leaves, and what the task file says beside.
#pragma once

#include <mujoco/mujoco.h>

#include <cstddef>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"

namespace anole {

// How far from the start hinges and slides begin.
struct StartNoise {
  Vector uniform;  // (nq): within +- this
  Vector normal;   // (nq): standard deviation; then they stay within their limits
};

// Where a model is, how it moves and what holds it there. An episode's time begins at 0, whatever a
// keyframe says of it.
struct RobotStart {
  Vector qpos, qvel;             // (nq), (nv)
  Vector warm_start;             // (nv): the accelerations from which the solver begins
  Vector act, ctrl;              // (na), (nu); controls that no action commands stay so
  Vector mocap_pos, mocap_quat;  // (3 nmocap), (4 nmocap)
  Vector plugin_state;           // (npluginstate)
  // (actuators): for each that acts with a delay, its control as often as it remembers one.
  std::vector<Vector> histories;
  StartNoise noise;

  // Puts `data`, which mj_resetData has left, into it, without noise. Derived quantities are not
  // computed.
  void Begin(const mjModel& model, mjData& data) const;
};

// What some episodes begin with instead.
struct OtherStart {
  std::string keyframe;
  double share = 0;         // of the episodes
  std::size_t section = 0;  // which [[start]] of the file it is
  RobotStart start;
};

// Throws OptionError of `option` where actuators or sensors have a delay: what they remember would
// be of before the episode.
void CheckNoDelays(const std::string& option, const mjModel& model);

// The state of `data`.
RobotStart StartOf(const mjModel& model, const mjData& data, StartNoise noise);

}  // namespace anole
