// Goal velocities along x, for the tasks that ask a body to move at one.
//
// The task is a velocity [m/s], uniform in `task.range`, stratified; that of a test, if one is
// given, in `task.test_range`: out of the distribution that was trained on.
#pragma once

#include "envs/task_family.h"

namespace anole {

struct VelocityRange : PhasedRange {
  static void Describe(VisitOf<VelocityRange> visit);

  NamedUnit parameter() const { return {"goal_velocity", "m/s"}; }
  TaskRanges CheckedRanges() const;  // throws OptionError where a range is none
  Vector Sample(Rng& rng, const TaskPlace& place) const;

  // -|velocity - goal|.
  NamedUnit reward_term() const { return {"velocity_error", "m/s"}; }
  double Reward(VectorIn task, double velocity) const;
  double diverged_reward() const;
};

}  // namespace anole
