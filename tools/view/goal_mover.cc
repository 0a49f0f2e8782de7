#include "tools/view/goal_mover.h"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cstddef>

namespace anole::view {
namespace {

// The row of x of the first two that are a place in the plane, or -1.
Eigen::Index TargetOf(const std::vector<NamedUnit>& parameters) {
  for (std::size_t i = 0; i + 1 < parameters.size(); ++i) {
    std::string name = parameters[i].name;
    if (!name.ends_with("_x") || parameters[i].unit != "m") continue;
    name.back() = 'y';
    if (parameters[i + 1].name == name && parameters[i + 1].unit == "m") {
      return static_cast<Eigen::Index>(i);
    }
  }
  return -1;
}

}  // namespace

GoalMover::GoalMover(const FamilySpec& spec, bool few)
    : spec_(spec), few_(few), target_(TargetOf(spec.task_parameters)) {}

std::string GoalMover::WhyNot() const {
  if (spec_.task_parameters.empty()) return "all tasks are the same";
  if (few_) return "there are but a few goals: N and B choose";
  return spec_.task_ranges.empty() ? "it is not known which goals there are" : "";
}

void GoalMover::ChooseNumber(int step) {
  const auto count = static_cast<Eigen::Index>(spec_.task_ranges.size());
  if (count > 0) chosen_ = (chosen_ + step + count) % count;
}

double GoalMover::Limited(Eigen::Index row, double value) const {
  if (static_cast<std::size_t>(row) >= spec_.task_ranges.size()) return value;
  const TaskRanges& ranges = spec_.task_ranges[static_cast<std::size_t>(row)];
  const TaskRange whole = ranges.whole();
  return std::clamp(ranges.is_counted ? std::round(value) : value, whole.low, whole.high);
}

Vector GoalMover::Moved(VectorIn task, double share) const {
  Vector moved = task;
  const TaskRanges& ranges = spec_.task_ranges[static_cast<std::size_t>(chosen_)];
  const TaskRange whole = ranges.whole();
  const double step = share * (whole.high - whole.low);
  moved[chosen_] =
      Limited(chosen_, moved[chosen_] + (ranges.is_counted ? std::copysign(1, step) : step));
  return moved;
}

std::optional<render::CaptionLine> GoalMover::Chosen(VectorIn task) const {
  if (few_ || spec_.task_ranges.size() < 2) return std::nullopt;
  const NamedUnit& parameter = spec_.task_parameters[static_cast<std::size_t>(chosen_)];
  std::string name = parameter.name;
  std::ranges::replace(name, '_', ' ');
  return render::CaptionLine{
      "< > move", fmt::format("{} {:.3g} {}", name, task[chosen_], parameter.unit), {}};
}

Vector GoalMover::WithTarget(VectorIn task, const Eigen::Vector2d& place) const {
  Vector moved = task;
  for (Eigen::Index axis = 0; axis < 2; ++axis) {
    moved[target_ + axis] = Limited(target_ + axis, place[axis]);
  }
  return moved;
}

std::optional<Eigen::Vector2d> PlaneAt(const mjvScene& scene, double aspect, double x, double y) {
  const mjvGLCamera camera = mjv_averageCamera(&scene.camera[0], &scene.camera[1]);
  const Eigen::Vector3d forward = Eigen::Map<const Eigen::Vector3f>(camera.forward).cast<double>();
  const Eigen::Vector3d up = Eigen::Map<const Eigen::Vector3f>(camera.up).cast<double>();
  Eigen::Vector3d from = Eigen::Map<const Eigen::Vector3f>(camera.pos).cast<double>();
  const double height = camera.frustum_top - camera.frustum_bottom;
  const Eigen::Vector3d across =
      up * (camera.frustum_bottom + y * height) +
      forward.cross(up) * (camera.frustum_center + (x - 0.5) * aspect * height);
  Eigen::Vector3d ray = forward;
  if (camera.orthographic != 0) {
    from += across;
  } else {
    ray = forward * camera.frustum_near + across;
  }
  if (ray.z() * from.z() >= 0) return std::nullopt;
  return (from - ray * (from.z() / ray.z())).head<2>();
}

}  // namespace anole::view
