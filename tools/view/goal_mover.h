// How a goal is moved by hand: one of its numbers at a time, or its target in the plane.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>

#include "envs/task_family.h"
#include "tools/render/caption.h"

namespace anole::view {

class GoalMover {
 public:
  // spec outlives it. few: there are but a few goals, and none between them.
  GoalMover(const FamilySpec& spec, bool few);

  // Why numbers cannot be moved one by one; "" where they can.
  std::string WhyNot() const;
  void ChooseNumber(int step);  // the next number, or the one before
  // The number that is chosen, moved by `share` of the range of all goals.
  Vector Moved(VectorIn task, double share) const;
  // Which number is chosen, where there are several.
  std::optional<render::CaptionLine> Chosen(VectorIn task) const;

  // Whether the goal is a place in the plane: two numbers called ..._x and ..._y, in metres.
  bool has_target() const { return target_ >= 0 && !few_; }
  // The goal whose target is there [m], or as near to it as goals are.
  Vector WithTarget(VectorIn task, const Eigen::Vector2d& place) const;

 private:
  double Limited(Eigen::Index row, double value) const;

  const FamilySpec& spec_;
  bool few_;
  Eigen::Index chosen_ = 0, target_ = -1;  // rows of a task; target_: of x, before that of y
};

// Where the plane z = 0 is seen in a picture [m]: x and y in shares of it, from the lower left
// corner; aspect: width / height. None above the horizon.
std::optional<Eigen::Vector2d> PlaneAt(const mjvScene& scene, double aspect, double x, double y);

}  // namespace anole::view
