// Shows a task that asks a part of the body to come to a place: the place, a disc on the floor or a
// ball above it, and the way so far.
#pragma once

#include "envs/displays/task_display.h"

namespace anole {

class PointDisplay : public TaskDisplay {
 public:
  explicit PointDisplay(const ModelPart& followed = {}, TaskPoint point = {})
      : followed_(followed), point_(std::move(point)) {}

  ModelPart followed() const override { return followed_; }
  std::vector<Mark> Marks(const Moment& moment) const override;
  std::vector<Reading> Readings(const Moment& moment) const override;

 private:
  // In axes that do not count it is where the followed part is.
  Eigen::Vector3d Target(const Moment& moment) const;

  ModelPart followed_;
  TaskPoint point_;  // where it is to come to
};

}  // namespace anole
