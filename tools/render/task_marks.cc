#include "tools/render/task_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "tools/run/goal.h"

namespace anole::render {
namespace {

constexpr Color kGoalColor = {0.95F, 0.42F, 0.1F}, kAchievedColor = {0.13F, 0.4F, 0.85F};
// The same, lighter: on a dark ground.
constexpr Color kGoalText = {1, 0.68F, 0.36F}, kAchievedText = {0.55F, 0.78F, 1};

constexpr double kVelocityWindow = 0.5;  // [s], about a stride: its mean can be read, its parts not
constexpr double kMetresPerSpeed = 0.45;  // [m per m/s] of an arrow
constexpr double kLongestArrow = 1.4;     // [m]
constexpr double kDirectionArrow = 0.9;   // [m]
constexpr double kArrowWidth = 0.035;     // [m]
constexpr double kArrowAbove = 0.35;      // [m] above the body
constexpr double kArrowGap = 0.12;        // [m] between the two arrows
constexpr Color kRulerColor = {0.97F, 0.97F, 0.95F};
constexpr int kRulerReach = 8;              // [m] on each side of the body
constexpr double kRulerY = -0.5;            // [m]
constexpr double kRulerWidth = 0.006;       // [m], half of it
constexpr double kTargetRadius = 0.08;      // [m] of a disc on the floor
constexpr double kBallRadius = 0.03;        // [m] of a target above it
constexpr double kTrailWidth = 0.006;       // [m]
constexpr std::size_t kLongestTrail = 400;  // pieces

mjvGeom Decoration(int type, const Eigen::Vector3d& size, const Eigen::Vector3d& position,
                   const Color& color) {
  mjvGeom geom{};
  const std::array<float, 4> opaque = {color.red, color.green, color.blue, 1};
  mjv_initGeom(&geom, type, size.data(), position.data(), nullptr, opaque.data());
  geom.category = mjCAT_DECOR;
  geom.emission = 0.3F;
  geom.castshadow = 0;
  return geom;
}

mjvGeom Connector(int type, double width, const Eigen::Vector3d& from, const Eigen::Vector3d& to,
                  const Color& color) {
  mjvGeom geom = Decoration(type, Eigen::Vector3d::Ones(), from, color);
  mjv_connector(&geom, type, width, from.data(), to.data());
  return geom;
}

void AddArrow(std::vector<mjvGeom>& geoms, const Eigen::Vector3d& from, double length,
              const Color& color) {
  if (std::abs(length) < 2 * kArrowWidth) return;  // shorter than its head
  geoms.push_back(
      Connector(mjGEOM_ARROW, kArrowWidth, from, from + Eigen::Vector3d(length, 0, 0), color));
}

// A ruler on the floor, before the body: it shows how far the body goes, as the camera goes with
// it.
void AddRuler(std::vector<mjvGeom>& geoms, double x) {
  const int middle = static_cast<int>(std::lround(x));
  geoms.push_back(Decoration(mjGEOM_BOX, {kRulerReach, kRulerWidth, 0.001},
                             {static_cast<double>(middle), kRulerY, 0.001}, kRulerColor));
  for (int metre = middle - kRulerReach; metre <= middle + kRulerReach; ++metre) {
    mjvGeom& mark =
        geoms.emplace_back(Decoration(mjGEOM_BOX, {2 * kRulerWidth, 8 * kRulerWidth, 0.001},
                                      {static_cast<double>(metre), kRulerY, 0.002}, kRulerColor));
    std::snprintf(mark.label, sizeof(mark.label), "%d m", metre);
  }
}

double ArrowLength(double velocity) {
  return std::clamp(kMetresPerSpeed * velocity, -kLongestArrow, kLongestArrow);
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
    : family_(family), task_(task), arrow_height_(Top(pictured) + kArrowAbove) {}

std::vector<mjvGeom> TaskMarks::Geoms(const Replay& replay) const {
  std::vector<mjvGeom> geoms;
  const Eigen::Vector3d& body = replay.path().back();
  const Eigen::Vector3d above(body.x(), body.y(), arrow_height_);
  const Eigen::Vector3d higher = above + Eigen::Vector3d(0, 0, kArrowGap);
  switch (family_.spec().display) {
    case TaskDisplay::kNone:
      break;
    case TaskDisplay::kDirectionX:
      AddRuler(geoms, body.x());
      AddArrow(geoms, higher, task_[0] > 0 ? kDirectionArrow : -kDirectionArrow, kGoalColor);
      AddArrow(geoms, above, ArrowLength(replay.Velocity(kVelocityWindow).x()), kAchievedColor);
      break;
    case TaskDisplay::kVelocityX:
      AddRuler(geoms, body.x());
      AddArrow(geoms, higher, ArrowLength(task_[0]), kGoalColor);
      AddArrow(geoms, above, ArrowLength(replay.Velocity(kVelocityWindow).x()), kAchievedColor);
      break;
    case TaskDisplay::kPoint: {
      Eigen::Vector3d target = Target(replay);
      if (family_.spec().point.rows.size() == 2) {  // on the floor
        target.z() = 0.002;
        geoms.push_back(Decoration(mjGEOM_CYLINDER, {kTargetRadius, 0.002, 0}, target, kGoalColor));
      } else {
        geoms.push_back(
            Decoration(mjGEOM_SPHERE, Eigen::Vector3d::Constant(kBallRadius), target, kGoalColor));
      }
      const std::vector<Eigen::Vector3d>& path = replay.path();
      const std::size_t stride = 1 + path.size() / kLongestTrail;
      for (std::size_t i = 0; i + 1 < path.size(); i += stride) {
        const Eigen::Vector3d& next = path[std::min(i + stride, path.size() - 1)];
        geoms.push_back(Connector(mjGEOM_CAPSULE, kTrailWidth, path[i], next, kAchievedColor));
      }
      break;
    }
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

std::vector<CaptionLine> TaskMarks::Achieved(const Replay& replay) const {
  switch (family_.spec().display) {
    case TaskDisplay::kNone:
      break;
    case TaskDisplay::kDirectionX:
    case TaskDisplay::kVelocityX:
      return {{"velocity", fmt::format("{:.2f} m/s", replay.Velocity(kVelocityWindow).x()),
               kAchievedText}};
    case TaskDisplay::kPoint:
      return {{"distance", fmt::format("{:.2f} m", Distance(replay)), kAchievedText}};
  }
  return {};
}

Eigen::Vector3d TaskMarks::Target(const Replay& replay) const {
  const TaskPoint& point = family_.spec().point;
  if (point.rows.empty()) return point.part.Place(replay.shown());
  Eigen::Vector3d target = replay.path().back();
  Eigen::Index axis = 0;
  for (const Eigen::Index row : point.rows) target[axis++] = task_[row];
  return target;
}

double TaskMarks::Distance(const Replay& replay) const {
  return (replay.path().back() - Target(replay)).norm();
}

}  // namespace anole::render
