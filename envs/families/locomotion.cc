#include "envs/families/locomotion.h"

namespace anole {

Locomotion::Locomotion(const Options& options, const Body& body, const Goal& goal)
    : SimulatedFamily(body.model, options, goal.changes),
      body_(body),
      control_cost_(options.control_cost) {
  spec_.observation_dim = model_->nq - body_.root_place + model_->nv;
  spec_.action_dim = model_->nu;
  spec_.horizon = options.horizon;
  spec_.control_dt = static_cast<double>(body_.physics_steps) * model_->opt.timestep;
  spec_.diverged_reward = goal.diverged_reward;
  spec_.task_parameters = goal.parameters;
  spec_.task_ranges = goal.ranges;
  spec_.display = goal.display;
  spec_.reward_terms = {goal.reward_term, {"control_cost", ""}};
  if (body_.health) spec_.reward_terms.push_back({"alive_bonus", ""});
}

void Locomotion::Reset(VectorIn /*task*/, Simulation& simulation) const {
  mjData& data = simulation.data;
  const double noise = body_.reset_noise;
  for (int i = 0; i < model_->nq; ++i) data.qpos[i] += simulation.reset.Uniform(-noise, noise);
  for (int i = 0; i < model_->nv; ++i) {
    data.qvel[i] = body_.normal_velocities ? noise * simulation.reset.Normal()
                                           : simulation.reset.Uniform(-noise, noise);
  }
  mj_forward(&simulation.model, &data);
}

void Locomotion::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  using Map = Eigen::Map<const Vector>;
  const auto positions = model_->nq - body_.root_place;
  const double largest = body_.largest_observed_velocity;
  observation.head(positions) = Map(simulation.data.qpos + body_.root_place, positions);
  observation.tail(model_->nv) =
      Map(simulation.data.qvel, model_->nv).cwiseMax(-largest).cwiseMin(largest);
}

Outcome Locomotion::Step(VectorIn task, VectorIn action, Simulation& simulation,
                         VectorOut reward_terms) const {
  mjData& data = simulation.data;
  Eigen::Map<Vector> control(data.ctrl, model_->nu);
  control = action.cwiseMax(-1).cwiseMin(1);
  const double x = data.qpos[0];
  for (std::int64_t i = 0; i < body_.physics_steps; ++i) mj_step(&simulation.model, &data);
  const double velocity = (data.qpos[0] - x) / spec_.control_dt;
  reward_terms[0] = GoalReward(task, velocity);
  reward_terms[1] = -control_cost_ * control.squaredNorm();
  Outcome outcome{.reward = reward_terms[0] + reward_terms[1]};
  if (body_.health) {
    const bool healthy = IsWithin(*body_.health, data);
    reward_terms[2] = healthy ? body_.health->bonus : 0;
    outcome.reward += reward_terms[2];
    outcome.terminated = body_.health->terminates && !healthy;
  }
  return outcome;
}

bool Locomotion::IsWithin(const Health& health, const mjData& data) const {
  const auto within = [](const TaskRange& range, double value) {
    return range.low < value && value < range.high;
  };
  const TaskRange rest{-health.largest_rest, health.largest_rest};
  bool healthy = within(health.height, data.qpos[1]) && within(health.pitch, data.qpos[2]);
  for (int i = 2; i < model_->nq; ++i) healthy = healthy && within(rest, data.qpos[i]);
  for (int i = 0; i < model_->nv; ++i) healthy = healthy && within(rest, data.qvel[i]);
  return healthy;
}

}  // namespace anole
