// What a picture adds to the scene: the goal of the task, and what the body makes of it.
#pragma once

#include <vector>

#include "envs/mujoco.h"
#include "envs/task_family.h"
#include "tools/render/caption.h"
#include "tools/render/replay.h"

namespace anole::render {

class TaskMarks {
 public:
  // `family` must outlive the marks. pictured: its body with all that is to be seen.
  TaskMarks(const TaskFamily& family, const mjModel& pictured, VectorIn task);

  // In the scene: arrows above the body, or the target and the way so far.
  std::vector<mjvGeom> Geoms(const Replay& replay) const;

  std::vector<CaptionLine> Goal() const;                          // the task in words
  std::vector<CaptionLine> Achieved(const Replay& replay) const;  // what compares with it

 private:
  // Where TaskDisplay is kPoint: the place to come to, in axes that do not count that of what is to
  // come there, and how far that is from it [m].
  Eigen::Vector3d Target(const Replay& replay) const;
  double Distance(const Replay& replay) const;

  const TaskFamily& family_;
  const Vector task_;
  double arrow_height_ = 0;  // [m]
};

}  // namespace anole::render
