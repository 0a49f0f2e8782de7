// The ant body and its dynamics as in Gymnasium's Ant-v5: what all ant tasks share. A task family
// on this body adds its goal and its reward.
//
// Observation (27): qpos without the root's x and y [m, quaternion, rad], then qvel [m/s, rad/s];
// tasks about a place (29) begin with x and y. With task.contact_forces (78 more) also the torque
// and force on each body, clipped to +-1 [N m, N].
// Action (8).
// Reset: qpos0 + U(-.1, .1) with the root's quaternion normalised, velocities .1 * N(0, 1).
// Control step: 5 physics steps of .01 s, Runge-Kutta of 4th order.
#pragma once

#include <optional>

#include "envs/families/locomotion.h"
#include "envs/families/survival.h"

namespace anole {

class Ant : public Locomotion {
 public:
  struct Options : BodyOptions {
    bool contact_forces = false;
    double contact_cost = 5e-4;  // only with contact_forces

    Options() { control_cost = 0.5; }
    static void Describe(VisitOf<Options> visit);
  };

 protected:
  // In what tasks differ beside their goals.
  struct Variant {
    std::optional<Survival> survival = {};  // none: an episode ends at the horizon only
    bool observes_place = false;            // x and y of the torso
  };

  Ant(const Options& options, const Variant& variant, const Goal& goal)
      : Locomotion(options, BodyOf(options, variant), goal) {}

 private:
  static Body BodyOf(const Options& options, const Variant& variant);
};

}  // namespace anole
