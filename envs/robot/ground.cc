#include "envs/robot/ground.h"

#include <cstddef>

#include "configs/user_error.h"

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
  return Below(model, data, place, kDepth).value_or(kDepth);
}

std::optional<double> Ground::Below(const mjModel& model, const mjData& data,
                                    const Eigen::Vector3d& place, double most) const {
  std::optional<double> nearest;
  for (const int geom : geoms_) {
    const double distance = Meet(model, data, geom, place);
    if (distance >= 0 && distance <= nearest.value_or(most)) nearest = distance;
  }
  return nearest;
}

std::optional<double> Ground::HeightAt(const mjModel& model, const mjData& data, double x,
                                       double y) const {
  const auto below = Below(model, data, {x, y, kReach}, 2 * kReach);
  if (!below) return {};
  return kReach - *below;
}

HeightKept::HeightKept(const mjModel& model, const mjData& start) : ground_(model) {
  if (model.njnt == 0 || model.jnt_type[0] != mjJNT_FREE) {
    throw OptionError("above_ground", "the model does not begin with a <freejoint>");
  }
  const mjtNum* const pose = start.qpos + model.jnt_qposadr[0];
  const auto height = ground_.HeightAt(model, start, pose[0], pose[1]);
  if (!height) {
    throw OptionError("above_ground",
                      "nothing that is fixed to the world is where the base starts");
  }
  if (*height > pose[2]) {
    throw OptionError("above_ground",
                      "something that is fixed to the world is above where the base starts");
  }
  height_ = *height;
}

void HeightKept::Keep(const mjModel& model, mjData& data) const {
  mj_kinematics(&model, &data);  // where the ground is
  mjtNum* const pose = data.qpos + model.jnt_qposadr[0];
  if (const auto height = ground_.HeightAt(model, data, pose[0], pose[1])) {
    pose[2] += *height - height_;
  }
}

}  // namespace anole
