#include "envs/displays/velocity_display.h"

#include <algorithm>
#include <cmath>

namespace anole {
namespace {

constexpr double kVelocityWindow = 0.5;  // [s], about a stride: its mean can be read, its parts not
constexpr double kMetresPerSpeed = 0.45;  // [m per m/s] of an arrow
constexpr double kLongestArrow = 1.4;     // [m]
constexpr double kDirectionArrow = 0.9;   // [m]
constexpr double kArrowRadius = 0.035;    // [m]
constexpr double kArrowAbove = 0.35;      // [m] above the body
constexpr double kArrowGap = 0.12;        // [m] between the two arrows
constexpr int kRulerReach = 8;            // [m] on each side of the body
constexpr double kRulerY = -0.5;          // [m]
constexpr double kRulerWidth = 0.006;     // [m], half of it
constexpr double kRulerHeight = 0.001;    // [m], half of it

void AddArrow(std::vector<Mark>& marks, Mark::Role role, const Eigen::Vector3d& from,
              double length) {
  if (std::abs(length) < 2 * kArrowRadius) return;  // shorter than its head
  marks.push_back(Mark::Arrow(role, from, from + Eigen::Vector3d(length, 0, 0), kArrowRadius));
}

// Before the body, which is at x [m].
void AddRuler(std::vector<Mark>& marks, double x) {
  const int middle = static_cast<int>(std::lround(x));
  marks.push_back(Mark::Box(Mark::Role::kScale,
                            {static_cast<double>(middle), kRulerY, kRulerHeight},
                            {kRulerReach, kRulerWidth, kRulerHeight}));
  for (int metre = middle - kRulerReach; metre <= middle + kRulerReach; ++metre) {
    marks.push_back(
        Mark::Box(Mark::Role::kScale, {static_cast<double>(metre), kRulerY, 2 * kRulerHeight},
                  {2 * kRulerWidth, 8 * kRulerWidth, kRulerHeight}, std::to_string(metre) + " m"));
  }
}

double ArrowLength(double velocity) {
  return std::clamp(kMetresPerSpeed * velocity, -kLongestArrow, kLongestArrow);
}

}  // namespace

std::vector<Mark> VelocityDisplay::Marks(const Moment& moment) const {
  const Eigen::Vector3d& body = moment.path.back();
  const Eigen::Vector3d above(body.x(), body.y(), moment.top + kArrowAbove);
  const double asked = moment.task[0];
  double goal = ArrowLength(asked);
  if (asks_ == Asks::kDirection) goal = asked > 0 ? kDirectionArrow : -kDirectionArrow;

  std::vector<Mark> marks;
  AddRuler(marks, body.x());
  AddArrow(marks, Mark::Role::kGoal, above + Eigen::Vector3d(0, 0, kArrowGap), goal);
  AddArrow(marks, Mark::Role::kAchieved, above, ArrowLength(moment.Velocity(kVelocityWindow).x()));
  return marks;
}

std::vector<Reading> VelocityDisplay::Readings(const Moment& moment) const {
  return {{"velocity", moment.Velocity(kVelocityWindow).x(), "m/s"}};
}

}  // namespace anole
