#include "envs/families/directions.h"

#include <cmath>
#include <memory>
#include <numbers>

#include "envs/displays/velocity_display.h"

namespace anole {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;  // [rad]

}  // namespace

void Directions::Describe(OptionVisitor& visit) {
  visit("task.directions", which,
        {.help = "along which the body is to go", .choices = {"forward-backward", "any"}});
}

NamedUnit Directions::parameter() const {
  return which == "any" ? NamedUnit{"angle", "rad"} : NamedUnit{"direction", ""};
}

TaskRanges Directions::range() const {
  return which == "any" ? TaskRanges(0, kTurn) : TaskRanges(-1, 1);
}

DisplayPtr Directions::display() const {
  if (which == "any") return std::make_shared<TaskDisplay>();
  return std::make_shared<VelocityDisplay>(VelocityDisplay::Asks::kDirection);
}

Vector Directions::Sample(Rng& rng, const TaskPlace& place) const {
  if (which == "any") return Vector::Constant(1, StratifiedUniform(rng, 0, kTurn, place));
  return Vector::Constant(1, place.index % 2 == 0 ? 1 : -1);
}

Eigen::Vector2d Directions::Unit(VectorIn task) const {
  if (which == "any") return {std::cos(task[0]), std::sin(task[0])};
  return {task[0], 0};
}

}  // namespace anole
