// Bodies that move by their motors, as Gymnasium's v5 environments have them: what half-cheetah,
// walker, hopper, swimmer, ant and humanoid share. A body says by what it differs; a task family on
// a body adds its tasks and what they reward.
//
// Reward: that of the task - control cost * |motor commands|^2 (+ a bonus while the body is
// healthy) (- the cost of contact forces).
// Observation: numbers of the simulation, as the body lists them: qpos without the root's place,
// then qvel, then whatever it has beside.
// Action: clipped to +-1; times the body's largest control it is the motors' command (torque = gear
// * command). The cost sees the command, the log-probability the raw action.
// Ends: where a body with a health is no longer healthy, else at the horizon only.
// Reset: qpos0 + U(-noise, noise), quaternions normalised; velocities likewise, or noise * N(0, 1).
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

  // Rows of an array of mjData that are observed: all but the first `skipped`.
  struct Observed {
    mjtNum* mjData::* numbers = nullptr;
    decltype(mjModel::nq) mjModel::* rows = nullptr;
    int each = 1;  // numbers of a row
    int skipped = 0;
    double largest = kInfinity;  // clipped to +-this
    std::string_view name;       // of the array, for people
    std::string_view unit;
  };

  // A body is healthy while it is within these bounds, themselves excluded.
  struct Health {
    int height_row = 1;                   // of qpos
    TaskRange height;                     // [m]
    std::optional<TaskRange> pitch = {};  // of a planar body, qpos[2] [rad]
    double largest_rest = kInfinity;      // of a planar body, |qpos[2 ..]| and |qvel|
    double bonus = 0;                     // in the reward of each step
    bool terminates = true;               // an episode, once it is left
  };

  // What the forces on all bodies but the world cost.
  struct ContactCost {
    double weight = 0;                 // of their square
    double largest_force = kInfinity;  // each number is clipped to +-this [N, N m]
    double most = kInfinity;           // of the cost
  };

  // Where a body is for the velocity that a task rewards: x and y [m]. As Gymnasium reads them:
  // what MuJoCo derives lags qpos by the last stage of Runge-Kutta.
  struct Place {
    mjtNum* mjData::* numbers = &mjData::qpos;
    int first = 0;
  };

  // How one body differs from another.
  struct Body {
    std::string_view model;          // in envs/models
    std::int64_t physics_steps = 1;  // per control step
    std::vector<Observed> observed = {};
    double largest_control = 1;  // the command that an action of 1 is
    double reset_noise = 0;      // [m, rad, m/s, rad/s]
    bool normal_velocities = false;
    Place place = {};
    std::optional<Health> health = {};
    std::optional<ContactCost> contact_cost = {};
  };

  // What a task asks of the body.
  struct Goal {
    std::vector<NamedUnit> parameters;
    std::vector<TaskRanges> ranges;
    DisplayPtr display = std::make_shared<TaskDisplay>();
    bool has_success = false;
    NamedUnit reward_term;
    double diverged_reward = 0;             // for each step that a diverged episode misses
    std::vector<ModelChange> changes = {};  // of some tasks, where they differ in their dynamics
  };

  // Of the body in the plane of its floor, after a control step.
  struct Motion {
    Eigen::Vector2d position;  // the first two of qpos [m]
    Eigen::Vector2d velocity;  // of Body::place, mean over the control step [m/s]
  };

  Locomotion(const Options& options, const Body& body, const Goal& goal);

  // qpos without its first `hidden` numbers, then qvel within +-`largest_velocity`.
  static std::vector<Observed> State(int hidden, double largest_velocity = kInfinity);

 private:
  // The first reward term.
  virtual double GoalReward(VectorIn task, const Motion& motion) const = 0;

  Eigen::Vector2d PlaceOf(const mjData& data) const;
  bool IsWithin(const Health& health, const mjData& data) const;
  double CostOf(const ContactCost& cost, const mjData& data) const;

  Body body_;
  double control_cost_;
};

}  // namespace anole
