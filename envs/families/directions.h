// Directions on the floor, for the tasks that ask a body to go along one.
//
// Forward or backward: the task is +1 or -1 along x, enumerated: every set of tasks holds both.
// Any: the task is an angle [rad] from x towards y, uniform in [0, 2 pi), stratified.
#pragma once

#include "envs/task_family.h"

namespace anole {

enum class DirectionSet { kForwardBackward, kAny };

constexpr auto WordsOf(DirectionSet) {
  return Words<DirectionSet>(
      {{DirectionSet::kForwardBackward, "forward-backward"}, {DirectionSet::kAny, "any"}});
}

struct Directions {
  DirectionSet which = DirectionSet::kForwardBackward;
  static void Describe(VisitOf<Directions> visit);

  NamedUnit parameter() const;
  TaskRanges range() const;
  DisplayPtr display() const;
  Vector Sample(Rng& rng, const TaskPlace& place) const;
  Eigen::Vector2d Unit(VectorIn task) const;  // (x, y) of length 1
};

}  // namespace anole
