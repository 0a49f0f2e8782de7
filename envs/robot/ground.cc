#include "envs/robot/ground.h"

#include <algorithm>
#include <cstddef>

namespace anole {
namespace {

// Along the ray, or below 0: it misses the geom.
double Meet(const mjModel& model, const mjData& data, int geom, const Eigen::Vector3d& place) {
  const Eigen::Vector3d down(0, 0, -1);
  switch (model.geom_type[geom]) {
    case mjGEOM_HFIELD:
      return mj_rayHfield(&model, &data, geom, place.data(), down.data(), nullptr);
    case mjGEOM_MESH:
    case mjGEOM_SDF:
      return mj_rayMesh(&model, &data, geom, place.data(), down.data(), nullptr);
    case mjGEOM_PLANE: {
      const Eigen::Vector3d endless = Eigen::Vector3d::Zero();  // as it is to what falls on it
      return mju_rayGeom(data.geom_xpos + std::ptrdiff_t{3} * geom,
                         data.geom_xmat + std::ptrdiff_t{9} * geom, endless.data(), place.data(),
                         down.data(), mjGEOM_PLANE, nullptr);
    }
    default:
      return mju_rayGeom(data.geom_xpos + std::ptrdiff_t{3} * geom,
                         data.geom_xmat + std::ptrdiff_t{9} * geom,
                         model.geom_size + std::ptrdiff_t{3} * geom, place.data(), down.data(),
                         model.geom_type[geom], nullptr);
  }
}

}  // namespace

Ground::Ground(const mjModel& model) {
  for (int geom = 0; geom < static_cast<int>(model.ngeom); ++geom) {
    if (model.body_weldid[model.geom_bodyid[geom]] == 0) geoms_.push_back(geom);
  }
}

double Ground::DistanceBelow(const mjModel& model, const mjData& data,
                             const Eigen::Vector3d& place) const {
  double nearest = kDepth;
  for (const int geom : geoms_) {
    const double distance = Meet(model, data, geom, place);
    if (distance >= 0) nearest = std::min(nearest, distance);
  }
  return nearest;
}

}  // namespace anole
