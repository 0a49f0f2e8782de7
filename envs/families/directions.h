// Directions on the floor, for the tasks that ask a body to go along one.
//
// "forward-backward": the task is +1 or -1 along x, enumerated: every set of tasks holds both.
// "any": the task is an angle [rad] from x towards y, uniform in [0, 2 pi), stratified.
#pragma once

#include <string>

#include "envs/task_family.h"

namespace anole {

struct Directions {
  std::string which;  // "forward-backward" or "any"
  void Describe(OptionVisitor& visit);

  NamedUnit parameter() const;
  TaskRanges range() const;
  DisplayPtr display() const;
  Vector Sample(Rng& rng, const TaskPlace& place) const;
  Eigen::Vector2d Unit(VectorIn task) const;  // (x, y) of length 1
};

}  // namespace anole
