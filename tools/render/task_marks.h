// Paints what a family's display says of a task (envs/displays/): marks into the scene, lines into
// the caption.
#pragma once

#include <vector>

#include "envs/mujoco.h"
#include "envs/task_family.h"
#include "tools/render/caption.h"
#include "tools/render/stage_view.h"

namespace anole::render {

class TaskMarks {
 public:
  // `family` must outlive the marks; views are of its stages. pictured: its body with all that is
  // to be seen.
  TaskMarks(const TaskFamily& family, const mjModel& pictured, VectorIn task);

  std::vector<mjvGeom> Geoms(const StageView& view) const;

  std::vector<CaptionLine> Goal() const;                           // the task in words
  std::vector<CaptionLine> Achieved(const StageView& view) const;  // what compares with it

 private:
  Moment Now(const StageView& view) const;

  const TaskFamily& family_;
  const Vector task_;
  double top_;  // of the body [m]
};

}  // namespace anole::render
