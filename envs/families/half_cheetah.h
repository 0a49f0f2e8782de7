// The half-cheetah body and its dynamics as in Gymnasium's HalfCheetah-v5: what all cheetah tasks
// share. A task family on this body adds its goal and its reward.
//
// Observation (17): qpos without the root's x [m, rad], then qvel [m/s, rad/s].
// Action (6): motor commands, clipped to +-1 (torque = gear * command); the cost sees the clipped
// action, the log-probability the raw one.
// Reset: qpos0 + U(-.1, .1), velocities .1 * N(0, 1). Control step: 5 physics steps of .01 s.
#pragma once

#include <string>

#include "envs/mujoco.h"
#include "envs/task_family.h"

namespace anole {

class HalfCheetah : public TaskFamily {
 public:
  struct Options {
    std::int64_t horizon = 200;  // [control steps]
    double control_cost = 0.05;
    std::string model_rewrite = "auto";  // or "off", see envs/model_rewrite.h
    void Describe(OptionVisitor& visit);
  };

  const FamilySpec& spec() const override { return spec_; }
  const mjModel& model() const override { return *model_; }
  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 protected:
  // What a task asks of the body.
  struct Goal {
    NamedUnit parameter;
    TaskRange range;
    TaskDisplay display = TaskDisplay::kNone;
    NamedUnit reward_term;
    double diverged_reward = 0;  // for each step that a diverged episode misses
  };

  HalfCheetah(const Options& options, const Goal& goal);

 private:
  // The first reward term. velocity: mean forward velocity over the control step [m/s].
  virtual double GoalReward(VectorIn task, double velocity) const = 0;

  ModelPtr model_;
  FamilySpec spec_;
  double control_cost_;
};

}  // namespace anole
