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

#include "envs/families/simulated_family.h"
#include "envs/families/survival.h"

namespace anole {

class Humanoid : public SimulatedFamily {
 public:
  struct Options : BodyOptions {
    Survival survival = {.bonus = 5, .height = {1, 2}};
    bool body_inertias = false;
    bool body_velocities = false;
    bool actuator_forces = false;
    bool contact_forces = false;
    double contact_cost = 5e-7;  // only with contact_forces

    Options() { control_cost = 0.1; }
    void Describe(OptionVisitor& visit);
  };

  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 protected:
  // What a task asks of the body.
  struct Goal {
    NamedUnit parameter;
    TaskRanges range;
    DisplayPtr display = std::make_shared<TaskDisplay>();
    NamedUnit reward_term;
    double diverged_reward = 0;  // for each step that a diverged episode misses
  };

  Humanoid(const Options& options, const Goal& goal);

 private:
  // The first reward term. velocity: of the mass centre on the floor, mean over the control step
  // [m/s].
  virtual double GoalReward(VectorIn task, const Eigen::Vector2d& velocity) const = 0;

  Options options_;
};

}  // namespace anole
