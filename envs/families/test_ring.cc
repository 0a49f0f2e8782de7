#include "envs/families/test_ring.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "configs/user_error.h"

namespace anole {

void TestRing::Describe(VisitOf<TestRing> visit, double max) {
  visit("task.test_radius", &TestRing::radius,
        {.help = "inner and outer radius of the ring that held-out tasks have their targets in, "
                 "never those of training and validation; []: where these have theirs",
         .unit = "m",
         .min = 0,
         .max = max,
         .max_size = 2});
}

Vector TestRing::Sample(Rng& rng) const {
  const double angle = rng.Uniform(0, 2 * std::numbers::pi);
  const double square = rng.Uniform(radius[0] * radius[0], radius[1] * radius[1]);
  const double distance = std::sqrt(square);  // evenly over the area
  return Eigen::Vector2d(distance * std::cos(angle), distance * std::sin(angle));
}

double TestRing::Reach(double trained) const {
  if (radius.empty()) return trained;
  if (radius.size() != 2) {
    throw OptionError("task.test_radius", "must be the inner and the outer one");
  }
  if (radius[0] > radius[1]) {
    throw OptionError("task.test_radius", "the inner radius is above the outer one");
  }
  return std::max(trained, radius[1]);
}

std::vector<TaskRanges> TestRing::Ranges(double trained) const {
  const double tested = radius.empty() ? trained : radius[1];
  const TaskRanges axis(TaskRange{-trained, trained}, TaskRange{-tested, tested});
  return {axis, axis};
}

}  // namespace anole
