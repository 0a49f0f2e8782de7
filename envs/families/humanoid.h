// The humanoid body and its dynamics as in Gymnasium's Humanoid-v5: what all humanoid tasks share.
// A task family on this body adds its goal and its reward.
//
// Observation (45): qpos without the root's x and y [m, quaternion, rad], then qvel [m/s, rad/s].
// That is the whole state. What the field adds to it, as options in this order, follows from it,
// the last action and contacts, and makes eight times as many inputs (348), or reads as zeros in
// older code: inertia about the mass centre (130) and velocity (78) of each body, actuator forces
// on the joints (17), contact force and torque on each body (78, with a cost). Action (17): in +-1,
// clipped; times .4 it is the motors' command (torque = gear * command). The cost sees the command.
// Reset: qpos0 and velocities + U(-.01, .01), the root's quaternion normalised. Control step: 5
// physics steps of .003 s, Runge-Kutta of 4th order.
#pragma once

#include "envs/families/locomotion.h"
#include "envs/families/survival.h"

namespace anole {

class Humanoid : public Locomotion {
 public:
  struct Options : BodyOptions {
    Survival survival = {.bonus = 5, .height = {1, 2}};
    bool body_inertias = false;
    bool body_velocities = false;
    bool actuator_forces = false;
    bool contact_forces = false;
    double contact_cost = 5e-7;  // only with contact_forces

    Options() { control_cost = 0.1; }
    static void Describe(VisitOf<Options> visit);
  };

 protected:
  Humanoid(const Options& options, const Goal& goal) : Locomotion(options, BodyOf(options), goal) {}

 private:
  static Body BodyOf(const Options& options);
};

}  // namespace anole
