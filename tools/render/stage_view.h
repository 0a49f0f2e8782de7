// What there is to see of an episode while it is played: the state as it looks, and the way that it
// has come.
#pragma once

#include <vector>

#include "envs/linear_algebra.h"
#include "envs/mujoco.h"
#include "envs/stage.h"

namespace anole::render {

class StageView {
 public:
  // `stage` must outlive the view.
  explicit StageView(const Stage& stage);

  void Begin();   // after each Stage::Reset
  void Follow();  // after each Stage::Step

  const Stage& stage() const { return stage_; }
  // The state after the last step, with all positions that follow from it.
  const mjData& shown() const { return *shown_; }
  // Where the part that the family's display follows was at the beginning and after each step [m].
  const std::vector<Eigen::Vector3d>& path() const { return path_; }

 private:
  const Stage& stage_;
  DataPtr shown_;  // the stage's state, to be looked at
  std::vector<Eigen::Vector3d> path_;
};

}  // namespace anole::render
