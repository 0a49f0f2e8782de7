// The ant body and its dynamics as in Gymnasium's Ant-v5: what all ant tasks share. A task family
// on this body adds its goal and its reward.
//
// Observation (27): qpos without the root's x and y [m, quaternion, rad], then qvel [m/s, rad/s];
// tasks about a place (29) begin with x and y. With task.contact_forces (78 more) also the torque
// and force on each body, clipped to +-1 [N m, N].
// Action (8): motor commands, clipped to +-1 (torque = gear * command); the cost sees the clipped
// action, the log-probability the raw one.
// Reset: qpos0 + U(-.1, .1) with the root's quaternion normalised, velocities .1 * N(0, 1).
// Control step: 5 physics steps of .01 s, Runge-Kutta of 4th order.
#pragma once

#include <optional>
#include <vector>

#include "envs/families/simulated_family.h"
#include "envs/families/survival.h"

namespace anole {

class Ant : public SimulatedFamily {
 public:
  struct Options : BodyOptions {
    bool contact_forces = false;
    double contact_cost = 5e-4;  // only with contact_forces

    Options() { control_cost = 0.5; }
    void Describe(OptionVisitor& visit);
  };

  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 protected:
  // What a task asks of the body.
  struct Goal {
    std::vector<NamedUnit> parameters;
    std::vector<TaskRanges> ranges;
    DisplayPtr display = std::make_shared<TaskDisplay>();
    bool has_success = false;
    bool observes_place = false;  // x and y of the torso
    NamedUnit reward_term;
    double diverged_reward = 0;        // for each step that a diverged episode misses
    std::optional<Survival> survival;  // none: an episode ends at the horizon only
  };

  // Of the torso on the floor.
  struct Motion {
    Eigen::Vector2d position;  // after the control step [m]
    Eigen::Vector2d velocity;  // mean over the control step [m/s]
  };

  Ant(const Options& options, const Goal& goal);

 private:
  // The first reward term.
  virtual double GoalReward(VectorIn task, const Motion& motion) const = 0;

  Options options_;
  int unobserved_;  // first numbers of qpos
  std::optional<Survival> survival_;
};

}  // namespace anole
