#include "envs/families/directions.h"

#include <cmath>
#include <memory>
#include <numbers>

#include "envs/displays/velocity_display.h"

namespace anole {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;  // [rad]

}  // namespace

void Directions::Describe(VisitOf<Directions> visit) {
  visit("task.directions", &Directions::which, {.help = "along which the body is to go"});
}

NamedUnit Directions::parameter() const {
  switch (which) {
    case DirectionSet::kForwardBackward:
      return {"direction", ""};
    case DirectionSet::kAny:
      break;
  }
  return {"angle", "rad"};
}

TaskRanges Directions::range() const {
  switch (which) {
    case DirectionSet::kForwardBackward:
      return {-1, 1};
    case DirectionSet::kAny:
      break;
  }
  return {0, kTurn};
}

DisplayPtr Directions::display() const {
  switch (which) {
    case DirectionSet::kForwardBackward:
      return std::make_shared<VelocityDisplay>(VelocityDisplay::Asks::kDirection);
    case DirectionSet::kAny:
      break;
  }
  return std::make_shared<TaskDisplay>();
}

Vector Directions::Sample(Rng& rng, const TaskPlace& place) const {
  switch (which) {
    case DirectionSet::kForwardBackward:
      return Vector::Constant(1, place.index % 2 == 0 ? 1 : -1);
    case DirectionSet::kAny:
      break;
  }
  return Vector::Constant(1, StratifiedUniform(rng, 0, kTurn, place));
}

Eigen::Vector2d Directions::Unit(VectorIn task) const {
  switch (which) {
    case DirectionSet::kForwardBackward:
      return {task[0], 0};
    case DirectionSet::kAny:
      break;
  }
  return {std::cos(task[0]), std::sin(task[0])};
}

}  // namespace anole
