// A hand that takes hold of a body by the mouse, and pulls or turns it, as in MuJoCo's own viewer:
// a spring between the body and where the mouse is.
#pragma once

#include "envs/mujoco.h"
#include "tools/render/scene_renderer.h"

namespace anole::view {

// Places in a picture are shares of its height or width, from its lower left corner.
class Hand {
 public:
  Hand() { mjv_defaultPerturb(&perturb_); }

  // Chooses the body that is seen there, or none. aspect: width / height of the picture.
  void Choose(const render::SceneRenderer::Seen& seen, double aspect, double x, double y);
  int body() const { return perturb_.select; }  // 0: none

  void Hold(const render::SceneRenderer::Seen& seen, bool turns);
  // By so much of the picture's height, to the right and down.
  void Drag(const render::SceneRenderer::Seen& seen, double right, double down);
  void LetGo() { perturb_.active = 0; }
  bool holds() const { return perturb_.active != 0; }

  // Writes the force that acts now on the body into a simulation that no other force is put on.
  void Act(const mjModel& model, mjData& data) const;

  const mjvPerturb& perturb() const { return perturb_; }

 private:
  mjvPerturb perturb_{};
};

}  // namespace anole::view
