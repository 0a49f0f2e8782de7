#include "envs/displays/task_display.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace anole {

Mark Mark::Arrow(Role role, const Eigen::Vector3d& from, const Eigen::Vector3d& to, double radius) {
  return {Shape::kArrow, role, from, to, Eigen::Vector3d::Constant(radius), ""};
}

Mark Mark::Capsule(Role role, const Eigen::Vector3d& from, const Eigen::Vector3d& to,
                   double radius) {
  return {Shape::kCapsule, role, from, to, Eigen::Vector3d::Constant(radius), ""};
}

Mark Mark::Disc(Role role, const Eigen::Vector3d& place, double radius, double half_height) {
  return {Shape::kDisc, role, place, place, {radius, half_height, 0}, ""};
}

Mark Mark::Ball(Role role, const Eigen::Vector3d& place, double radius) {
  return {Shape::kBall, role, place, place, Eigen::Vector3d::Constant(radius), ""};
}

Mark Mark::Box(Role role, const Eigen::Vector3d& place, const Eigen::Vector3d& half_sides,
               std::string label) {
  return {Shape::kBox, role, place, place, half_sides, std::move(label)};
}

Eigen::Vector3d Moment::Velocity(double seconds) const {
  const auto steps = static_cast<std::int64_t>(path.size()) - 1;
  const auto wanted = std::max<std::int64_t>(std::llround(seconds / control_dt), 1);
  const std::int64_t window = std::min(wanted, steps);
  if (window == 0) return Eigen::Vector3d::Zero();
  const Eigen::Vector3d& before = path[static_cast<std::size_t>(steps - window)];
  return (path.back() - before) / (static_cast<double>(window) * control_dt);
}

}  // namespace anole
