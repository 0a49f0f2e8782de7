#include "tools/render/task_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/run/goal.h"

namespace anole::render {
namespace {

constexpr Color kGoalColor = {0.95F, 0.42F, 0.1F}, kAchievedColor = {0.13F, 0.4F, 0.85F};
constexpr Color kScaleColor = {0.97F, 0.97F, 0.95F};
// The same, lighter: on a dark ground.
constexpr Color kGoalText = {1, 0.68F, 0.36F}, kAchievedText = {0.55F, 0.78F, 1};

Color ColorOf(Mark::Role role) {
  if (role == Mark::Role::kGoal) return kGoalColor;
  return role == Mark::Role::kAchieved ? kAchievedColor : kScaleColor;
}

int GeomType(Mark::Shape shape) {
  switch (shape) {
    case Mark::Shape::kArrow:
      return mjGEOM_ARROW;
    case Mark::Shape::kCapsule:
      return mjGEOM_CAPSULE;
    case Mark::Shape::kDisc:
      return mjGEOM_CYLINDER;
    case Mark::Shape::kBall:
      return mjGEOM_SPHERE;
    case Mark::Shape::kBox:
      break;
  }
  return mjGEOM_BOX;
}

// MuJoCo 3 has no such choice.
void CastNoShadow(auto& geom) {
  if constexpr (requires { geom.castshadow; }) geom.castshadow = 0;
}

mjvGeom Paint(const Mark& mark) {
  mjvGeom geom{};
  const Color color = ColorOf(mark.role);
  const std::array<float, 4> opaque = {color.red, color.green, color.blue, 1};
  const int type = GeomType(mark.shape);
  mjv_initGeom(&geom, type, mark.size.data(), mark.place.data(), nullptr, opaque.data());
  geom.category = mjCAT_DECOR;
  geom.emission = 0.3F;
  CastNoShadow(geom);
  if (type == mjGEOM_ARROW || type == mjGEOM_CAPSULE) {
    mjv_connector(&geom, type, mark.size.x(), mark.place.data(), mark.end.data());
  }
  std::snprintf(geom.label, sizeof(geom.label), "%s", mark.label.c_str());
  return geom;
}

// The highest point of the bodies in the model's own pose [m].
double Top(const mjModel& model) {
  const DataPtr data = MakeData(model);
  mj_fwdPosition(&model, data.get());
  double top = 0;
  for (mjtSize geom = 0; geom < model.ngeom; ++geom) {
    if (model.geom_bodyid[geom] == 0) continue;
    // A box around the geom, in its own frame; `up` is the world's z axis there.
    const Eigen::Vector3d up(data->geom_xmat + 9 * geom + 6);
    const Eigen::Map<const Eigen::Vector3d> center(model.geom_aabb + 6 * geom);
    const Eigen::Map<const Eigen::Vector3d> half(model.geom_aabb + 6 * geom + 3);
    top = std::max(top, data->geom_xpos[3 * geom + 2] + up.dot(center) + up.cwiseAbs().dot(half));
  }
  return top;
}

}  // namespace

TaskMarks::TaskMarks(const TaskFamily& family, const mjModel& pictured, VectorIn task)
    : family_(family), task_(task), top_(Top(pictured)) {}

Moment TaskMarks::Now(const StageView& view) const {
  return {.task = task_,
          .model = view.stage().model(),
          .data = view.shown(),
          .path = view.path(),
          .control_dt = family_.spec().control_dt,
          .top = top_};
}

std::vector<mjvGeom> TaskMarks::Geoms(const StageView& view) const {
  std::vector<mjvGeom> geoms;
  for (const Mark& mark : family_.spec().display->Marks(Now(view))) {
    geoms.push_back(Paint(mark));
  }
  return geoms;
}

std::vector<CaptionLine> TaskMarks::Goal() const {
  std::vector<CaptionLine> lines;
  const std::vector<NamedUnit>& parameters = family_.spec().task_parameters;
  if (parameters.size() > kParametersTold) {
    return {{"task", fmt::format("{} numbers", parameters.size()), kGoalText}};
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::string name = parameters[i].name;
    std::ranges::replace(name, '_', ' ');
    const double value = task_[static_cast<Eigen::Index>(i)];
    const std::string& unit = parameters[i].unit;
    lines.push_back(
        {name, unit.empty() ? fmt::format("{:+.3g}", value) : fmt::format("{:.2f} {}", value, unit),
         kGoalText});
  }
  return lines;
}

std::vector<CaptionLine> TaskMarks::Achieved(const StageView& view) const {
  std::vector<CaptionLine> lines;
  for (const Reading& reading : family_.spec().display->Readings(Now(view))) {
    const std::string unit = reading.unit.empty() ? "" : " " + reading.unit;
    lines.push_back({reading.name, fmt::format("{:.2f}{}", reading.value, unit), kAchievedText});
  }
  return lines;
}

}  // namespace anole::render
