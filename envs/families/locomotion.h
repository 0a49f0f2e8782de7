// Robots that move along x by their motors, as Gymnasium's v5 environments have them: what
// half-cheetah, walker, hopper and swimmer share. A body says by what it differs; a task family on
// a body adds its tasks and its reward.
//
// Observation: qpos without the root's place, then qvel. Action: motor commands, clipped to +-1
// (torque = gear * command); the cost sees the clipped action, the log-probability the raw one.
// A body with a health earns a bonus in each step after which it is healthy, and its episode ends
// when it is not.
#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "envs/families/simulated_family.h"

namespace anole {

class Locomotion : public SimulatedFamily {
 public:
  using Options = BodyOptions;

  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 protected:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // A planar robot is healthy while it is within these bounds, themselves excluded.
  struct Health {
    TaskRange height;                 // of qpos[1] [m]
    TaskRange pitch;                  // of qpos[2] [rad]
    double largest_rest = kInfinity;  // of |qpos[2 ..]| and |qvel|
    double bonus = 0;                 // in the reward of each step
    bool terminates = true;           // an episode, once it is left
  };

  // How one body differs from another.
  struct Body {
    std::string_view model;          // in envs/models
    std::int64_t physics_steps = 1;  // per control step
    int root_place = 1;              // the first of qpos that are not observed
    double largest_observed_velocity = kInfinity;
    double reset_noise = 0;  // of positions: uniform in +-; of velocities: uniform or normal
    bool normal_velocities = false;
    std::optional<Health> health;
  };

  // What a task asks of the body.
  struct Goal {
    std::vector<NamedUnit> parameters;
    std::vector<TaskRanges> ranges;
    DisplayPtr display = std::make_shared<TaskDisplay>();
    NamedUnit reward_term;
    double diverged_reward = 0;             // for each step that a diverged episode misses
    std::vector<ModelChange> changes = {};  // of some tasks, where they differ in their dynamics
  };

  Locomotion(const Options& options, const Body& body, const Goal& goal);

 private:
  // The first reward term. velocity: mean forward velocity over the control step [m/s].
  virtual double GoalReward(VectorIn task, double velocity) const = 0;

  bool IsWithin(const Health& health, const mjData& data) const;

  Body body_;
  double control_cost_;
};

}  // namespace anole
