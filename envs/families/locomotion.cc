#include "envs/families/locomotion.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "envs/serial_sum.h"

namespace anole {

Locomotion::Locomotion(const Options& options, const Body& body, const Goal& goal)
    : SimulatedFamily(body.model, options, goal.changes),
      body_(body),
      control_cost_(options.control_cost) {
  for (const Observed& observed : body_.observed) {
    const auto first = std::int64_t{observed.each} * observed.skipped;
    const auto end = std::int64_t{observed.each} * (model_.get()->*observed.rows);
    spec_.observations.push_back({.name = std::string(observed.name) + "[" + std::to_string(first) +
                                          ":" + std::to_string(end) + "]",
                                  .unit = std::string(observed.unit),
                                  .size = end - first,
                                  .clip = observed.largest});
    spec_.observation_dim += end - first;
  }
  spec_.action_dim = model_->nu;
  spec_.actions = Motors(body_.largest_control);
  spec_.horizon = options.horizon;
  spec_.control_dt = static_cast<double>(body_.physics_steps) * model_->opt.timestep;
  spec_.diverged_reward = goal.diverged_reward;
  spec_.task_parameters = goal.parameters;
  spec_.task_ranges = goal.ranges;
  spec_.display = goal.display;
  spec_.has_success = goal.has_success;
  spec_.reward_terms = {goal.reward_term, {"control_cost", ""}};
  if (body_.health) spec_.reward_terms.push_back({"alive_bonus", ""});
  if (body_.contact_cost) spec_.reward_terms.push_back({"contact_cost", ""});
}

std::vector<Locomotion::Observed> Locomotion::State(int hidden, double largest_velocity) {
  return {{.numbers = &mjData::qpos,
           .rows = &mjModel::nq,
           .skipped = hidden,
           .name = "qpos",
           .unit = "m, rad or of a quaternion"},
          {.numbers = &mjData::qvel,
           .rows = &mjModel::nv,
           .largest = largest_velocity,
           .name = "qvel",
           .unit = "m/s or rad/s"}};
}

void Locomotion::Reset(VectorIn /*task*/, Simulation& simulation) const {
  mjData& data = simulation.data;
  const double noise = body_.reset_noise;
  for (int i = 0; i < model_->nq; ++i) data.qpos[i] += simulation.reset.Uniform(-noise, noise);
  // MuJoCo itself would observe quaternions as they are until the first step.
  mj_normalizeQuat(&simulation.model, data.qpos);
  for (int i = 0; i < model_->nv; ++i) {
    data.qvel[i] = body_.normal_velocities ? noise * simulation.reset.Normal()
                                           : simulation.reset.Uniform(-noise, noise);
  }
  mj_forward(&simulation.model, &data);
}

void Locomotion::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  Eigen::Index row = 0;
  for (const Observed& observed : body_.observed) {
    const Eigen::Index first = Eigen::Index{observed.each} * observed.skipped;
    const Eigen::Index size = observed.each * (model_.get()->*observed.rows) - first;
    const Eigen::Map<const Vector> numbers(simulation.data.*observed.numbers + first, size);
    const double largest = observed.largest;
    if (largest < kInfinity) {
      observation.segment(row, size) = numbers.cwiseMax(-largest).cwiseMin(largest);
    } else {
      observation.segment(row, size) = numbers;
    }
    row += size;
  }
}

Outcome Locomotion::Step(VectorIn task, VectorIn action, Simulation& simulation,
                         VectorOut reward_terms) const {
  mjData& data = simulation.data;
  Eigen::Map<Vector> control(data.ctrl, model_->nu);
  control = body_.largest_control * action.cwiseMax(-1).cwiseMin(1);
  const Eigen::Vector2d start = PlaceOf(data);
  for (std::int64_t i = 0; i < body_.physics_steps; ++i) mj_step(&simulation.model, &data);
  const Motion motion{.position = Eigen::Map<const Eigen::Vector2d>(data.qpos),
                      .velocity = (PlaceOf(data) - start) / spec_.control_dt};

  Outcome outcome;
  Eigen::Index term = 0;
  reward_terms[term++] = GoalReward(task, motion);
  reward_terms[term++] = -control_cost_ * control.squaredNorm();
  if (body_.health) {
    const bool healthy = IsWithin(*body_.health, data);
    outcome.terminated = body_.health->terminates && !healthy;
    reward_terms[term++] = healthy ? body_.health->bonus : 0;
  }
  if (body_.contact_cost) {
    mj_rnePostConstraint(&simulation.model, &data);  // mj_step leaves cfrc_ext as it was
    reward_terms[term++] = -CostOf(*body_.contact_cost, data);
  }
  outcome.reward = SerialSum(reward_terms);
  return outcome;
}

Eigen::Vector2d Locomotion::PlaceOf(const mjData& data) const {
  return Eigen::Map<const Eigen::Vector2d>(data.*body_.place.numbers + body_.place.first);
}

bool Locomotion::IsWithin(const Health& health, const mjData& data) const {
  const auto within = [](const TaskRange& range, double value) {
    return range.low < value && value < range.high;
  };
  bool healthy = within(health.height, data.qpos[health.height_row]);
  if (health.pitch) healthy = healthy && within(*health.pitch, data.qpos[2]);
  if (health.largest_rest < kInfinity) {
    const TaskRange rest{-health.largest_rest, health.largest_rest};
    for (int i = 2; i < model_->nq; ++i) healthy = healthy && within(rest, data.qpos[i]);
    for (int i = 0; i < model_->nv; ++i) healthy = healthy && within(rest, data.qvel[i]);
  }
  return healthy;
}

double Locomotion::CostOf(const ContactCost& cost, const mjData& data) const {
  const Eigen::Map<const Vector> forces(data.cfrc_ext + 6, 6 * (model_->nbody - 1));
  const double largest = cost.largest_force;
  return std::min(cost.weight * forces.cwiseMax(-largest).cwiseMin(largest).squaredNorm(),
                  cost.most);
}

}  // namespace anole
