// Goal velocities along x, for the tasks that ask a body to move at one.
//
// The task is a velocity [m/s], uniform in `task.range`, stratified.
#pragma once

#include <vector>

#include "envs/task_family.h"

namespace anole {

struct VelocityRange {
  std::vector<double> range;  // [m/s]
  void Describe(OptionVisitor& visit);

  NamedUnit parameter() const { return {"goal_velocity", "m/s"}; }
  TaskRange bounds() const;  // throws UserError where the range is upside down
  Vector Sample(Rng& rng, const TaskPlace& place) const;

  // -|velocity - goal|.
  NamedUnit reward_term() const { return {"velocity_error", "m/s"}; }
  double Reward(VectorIn task, double velocity) const;
  double diverged_reward() const;
};

}  // namespace anole
