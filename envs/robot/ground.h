// The ground: what is fixed to the world, as a ray straight down meets it. Height fields, planes,
// steps of boxes, meshes.
#pragma once

#include <mujoco/mujoco.h>

#include <optional>
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

  // [m] The highest ground at x, y; none: there is none within +-kReach.
  static constexpr double kReach = 1000;  // [m]
  std::optional<double> HeightAt(const mjModel& model, const mjData& data, double x,
                                 double y) const;

 private:
  // As DistanceBelow; none: nothing is met within `most`.
  std::optional<double> Below(const mjModel& model, const mjData& data,
                              const Eigen::Vector3d& place, double most) const;

  std::vector<int> geoms_;
};

// Keeps a free base as high above the ground as it is at the start, wherever an episode begins.
class HeightKept {
 public:
  // start: with what derives from it. Throws OptionError of "above_ground" where the model does not
  // begin with a free joint, or the base does not begin above ground.
  HeightKept(const mjModel& model, const mjData& start);

  // Lifts the base, or lowers it; where it is above no ground it stays.
  void Keep(const mjModel& model, mjData& data) const;

 private:
  Ground ground_;
  double height_ = 0;  // of the ground at the start [m]
};

}  // namespace anole
