// The motion of an episode, again: its recorded actions, in the state and the noise that they met.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/control/episode.h"
#include "envs/mujoco.h"
#include "envs/random.h"
#include "envs/stage.h"

namespace anole::render {

class Replay {
 public:
  // `family` and `episode` must outlive the replay. It begins in the episode's initial state.
  Replay(const TaskFamily& family, VectorIn task, const Address& address, const Episode& episode);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay() = default;

  const Episode& episode() const { return episode_; }
  std::int64_t steps() const { return steps_; }  // [control steps] done
  double time() const;                           // [s]
  bool done() const { return steps_ == episode_.length; }

  // The return so far; at the end that of the episode, with what a divergence costs.
  double return_so_far() const;

  // One control step. Throws std::runtime_error where the motion is in any bit another one than
  // that of the episode: then the picture would be of something else than was scored.
  void Step();

  // The state after the last step, with all positions that follow from it.
  const mjData& shown() const { return *shown_; }

  const mjModel& model() const { return stage_.model(); }
  // Where the part that the family's display follows was at the beginning and after each step [m].
  const std::vector<Eigen::Vector3d>& path() const { return path_; }

 private:
  void Show();
  void Check(bool same) const;

  const TaskFamily& family_;
  const Episode& episode_;
  Stage stage_;
  DataPtr shown_;  // the stage's state, to be looked at
  std::int64_t steps_ = 0;
  double return_ = 0;
  std::vector<Eigen::Vector3d> path_;
};

}  // namespace anole::render
