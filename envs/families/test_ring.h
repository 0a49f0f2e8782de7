// Targets of tests out of the distribution that was trained on: uniform in a ring around the
// origin, `task.test_radius`, for the tasks that ask a body to be somewhere.
#pragma once

#include <vector>

#include "envs/task_family.h"

namespace anole {

struct TestRing {
  std::vector<double> radius;  // inner and outer [m], or empty: no ring, tests are as training

  // max: the largest radius that makes sense [m].
  static void Describe(VisitOf<TestRing> visit, double max);

  bool Has(const TaskPlace& place) const { return place.phase == Phase::kTest && !radius.empty(); }
  Vector Sample(Rng& rng) const;

  // How far targets are away along an axis, at most, if those of training are within `trained` [m].
  // Throws UserError where the ring is none.
  double Reach(double trained) const;
  // The same of each phase: x, then y.
  std::vector<TaskRanges> Ranges(double trained) const;
};

}  // namespace anole
