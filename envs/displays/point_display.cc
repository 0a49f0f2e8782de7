#include "envs/displays/point_display.h"

#include <algorithm>

namespace anole {
namespace {

constexpr double kDiscRadius = 0.08;        // [m]
constexpr double kDiscHeight = 0.002;       // [m], half of it
constexpr double kBallRadius = 0.03;        // [m]
constexpr double kTrailRadius = 0.006;      // [m]
constexpr std::size_t kLongestTrail = 400;  // pieces

}  // namespace

std::vector<Mark> PointDisplay::Marks(const Moment& moment) const {
  std::vector<Mark> marks;
  Eigen::Vector3d target = Target(moment);
  if (point_.rows.size() == 2) {  // on the floor
    target.z() = kDiscHeight;
    marks.push_back(Mark::Disc(Mark::Role::kGoal, target, kDiscRadius, kDiscHeight));
  } else {
    marks.push_back(Mark::Ball(Mark::Role::kGoal, target, kBallRadius));
  }
  const auto& path = moment.path;
  const std::size_t stride = 1 + path.size() / kLongestTrail;
  for (std::size_t i = 0; i + 1 < path.size(); i += stride) {
    const Eigen::Vector3d& next = path[std::min(i + stride, path.size() - 1)];
    marks.push_back(Mark::Capsule(Mark::Role::kAchieved, path[i], next, kTrailRadius));
  }
  return marks;
}

std::vector<Reading> PointDisplay::Readings(const Moment& moment) const {
  return {{"distance", (moment.path.back() - Target(moment)).norm(), "m"}};
}

Eigen::Vector3d PointDisplay::Target(const Moment& moment) const {
  if (point_.rows.empty()) return point_.part.Place(moment.data);
  Eigen::Vector3d target = moment.path.back();
  Eigen::Index axis = 0;
  for (const Eigen::Index row : point_.rows) target[axis++] = moment.task[row];
  return target;
}

}  // namespace anole
