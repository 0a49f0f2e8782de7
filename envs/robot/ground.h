// The ground: what is fixed to the world, as a ray straight down meets it. Height fields, planes,
// steps of boxes, meshes.
#pragma once

#include <mujoco/mujoco.h>

#include <vector>

#include "envs/linear_algebra.h"

namespace anole {

class Ground {
 public:
  static constexpr double kDepth = 100;  // [m] at which there is ground where nothing is met

  // All geoms of `model` that are fixed to the world.
  explicit Ground(const mjModel& model);

  // [m] from `place` down to the highest ground below it; kDepth at most. Allocates nothing.
  double DistanceBelow(const mjModel& model, const mjData& data,
                       const Eigen::Vector3d& place) const;

 private:
  std::vector<int> geoms_;
};

}  // namespace anole
