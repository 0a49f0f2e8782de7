#include "tools/view/mouse.h"

#include <utility>

namespace anole::view {
namespace {

constexpr double kDegreesPerPixel = 0.3;

}  // namespace

std::optional<Vector> Mouse::Answer(const MouseEvent& event, VectorIn task) {
  switch (event.kind) {
    case MouseEvent::Kind::kPress:
      if (dragged_ == Dragged::kNothing) dragged_ = Press(event);
      if (dragged_ == Dragged::kTarget) DragTarget(event, task);
      break;
    case MouseEvent::Kind::kMove:
      Drag(event, task);
      break;
    case MouseEvent::Kind::kRelease:
      if (Player* const held = players_.held()) held->hand().LetGo();
      dragged_ = Dragged::kNothing;
      return std::exchange(moved_, std::nullopt);
  }
  last_ = event;
  return std::nullopt;
}

Mouse::Dragged Mouse::Press(const MouseEvent& event) {
  note_.clear();
  const Players::Spot spot = players_.At(event.x, event.y);
  if (event.control) return PressBody(spot, /*turns=*/!event.right);
  if (event.right) return Dragged::kNothing;
  if (event.shift) {
    if (goal_.has_target()) return Dragged::kTarget;
    note_ = "no target in the plane here";
    return Dragged::kNothing;
  }
  if (!event.twice) return Dragged::kCamera;
  spot.player->hand().Choose(renderer_.Look(spot.player->See("")), spot.aspect, spot.x, spot.y);
  return Dragged::kNothing;
}

Mouse::Dragged Mouse::PressBody(const Players::Spot& spot, bool turns) {
  note_ = players_.WhyUnmoved(/*freely=*/false);
  if (note_.empty() && spot.player->hand().body() == 0) note_ = "first double click a body";
  if (!note_.empty()) return Dragged::kNothing;
  spot.player->hand().Hold(renderer_.Look(spot.player->See("")), turns);
  return Dragged::kBody;
}

void Mouse::Drag(const MouseEvent& event, VectorIn task) {
  const double right = event.x - last_.x, down = event.y - last_.y;
  switch (dragged_) {
    case Dragged::kNothing:
      return;
    case Dragged::kCamera:
      return renderer_.Orbit(-kDegreesPerPixel * right, -kDegreesPerPixel * down, 1);
    case Dragged::kTarget:
      return DragTarget(event, task);
    case Dragged::kBody:
      break;
  }
  Player* const held = players_.held();
  if (held == nullptr) return;  // the episode began anew
  const double height = players_.height();
  held->hand().Drag(renderer_.Look(held->See("")), right / height, down / height);
}

void Mouse::DragTarget(const MouseEvent& event, VectorIn task) {
  const Players::Spot spot = players_.At(event.x, event.y);
  const auto place =
      PlaneAt(renderer_.Look(spot.player->See("")).scene, spot.aspect, spot.x, spot.y);
  if (!place) return;
  moved_ = goal_.WithTarget(task, *place);
  players_.Mark(*moved_);
}

}  // namespace anole::view
