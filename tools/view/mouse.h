// What a mouse does in the window: turns the camera, takes a body in hand and pulls or turns it,
// puts the target of the task elsewhere.
#pragma once

#include <optional>
#include <string>

#include "tools/view/goal_mover.h"
#include "tools/view/players.h"
#include "tools/view/window.h"

namespace anole::view {

class Mouse {
 public:
  // All outlive it.
  Mouse(Players& players, render::SceneRenderer& renderer, const GoalMover& goal)
      : players_(players), renderer_(renderer), goal_(goal) {}

  // task: whose target may be moved. Returns the goal whose target was let go of, where that is
  // what has happened.
  std::optional<Vector> Answer(const MouseEvent& event, VectorIn task);
  const std::string& note() const { return note_; }  // why the last press did nothing; or ""

 private:
  enum class Dragged { kNothing, kCamera, kBody, kTarget };

  Dragged Press(const MouseEvent& event);
  Dragged PressBody(const Players::Spot& spot, bool turns);
  void Drag(const MouseEvent& event, VectorIn task);
  void DragTarget(const MouseEvent& event, VectorIn task);

  Players& players_;
  render::SceneRenderer& renderer_;
  const GoalMover& goal_;
  Dragged dragged_ = Dragged::kNothing;
  MouseEvent last_;
  std::optional<Vector> moved_;  // the goal, while its target is dragged
  std::string note_;
};

}  // namespace anole::view
