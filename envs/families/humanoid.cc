#include "envs/families/humanoid.h"

#include <algorithm>

#include "envs/serial_sum.h"

namespace anole {
namespace {

constexpr std::string_view kModel = "humanoid.xml";
constexpr int kPhysicsSteps = 5;  // per control step
constexpr double kResetNoise = 0.01;
constexpr double kLargestControl = 0.4;  // the motors' ctrlrange
constexpr double kLargestContactCost = 10;
constexpr int kPlace = 2;  // numbers of qpos that are not observed: where on the floor
constexpr int kRoot = 6;   // degrees of freedom without a motor

// The rows of all bodies but the world.
auto OfBodies(const mjModel& model, const mjtNum* rows, Eigen::Index columns) {
  return Eigen::Map<const Vector>(rows + columns, columns * (model.nbody - 1));
}

}  // namespace

void Humanoid::Options::Describe(OptionVisitor& visit) {
  BodyOptions::Describe(visit);
  survival.Describe(visit);
  visit("task.body_inertias", body_inertias,
        {.help = "observe each body's inertia about the mass centre (cinert, 130 numbers)"});
  visit("task.body_velocities", body_velocities,
        {.help = "observe each body's velocity about the mass centre (cvel, 78 numbers)"});
  visit("task.actuator_forces", actuator_forces,
        {.help = "observe the motors' torques (qfrc_actuator, 17 numbers)"});
  visit("task.contact_forces", contact_forces,
        {.help = "contact forces are observed (cfrc_ext, 78 numbers) and cost"});
  if (contact_forces || visit.everything()) {
    visit("task.contact_cost", contact_cost,
          {.help = "weight of the squared contact forces in the reward; they cost 10 at most",
           .min = 0,
           .max = 1e3});
  }
}

Humanoid::Humanoid(const Options& options, const Goal& goal)
    : SimulatedFamily(kModel, options), options_(options) {
  options.survival.Check();
  const auto bodies = model_->nbody - 1;
  spec_.observation_dim = model_->nq - kPlace + model_->nv;
  if (options.body_inertias) spec_.observation_dim += 10 * bodies;
  if (options.body_velocities) spec_.observation_dim += 6 * bodies;
  if (options.actuator_forces) spec_.observation_dim += model_->nv - kRoot;
  if (options.contact_forces) spec_.observation_dim += 6 * bodies;
  spec_.action_dim = model_->nu;
  spec_.horizon = options.horizon;
  spec_.control_dt = kPhysicsSteps * model_->opt.timestep;
  spec_.diverged_reward = goal.diverged_reward;
  spec_.task_parameters = {goal.parameter};
  spec_.task_ranges = {goal.range};
  spec_.display = goal.display;
  spec_.reward_terms = {goal.reward_term, {"control_cost", ""}, {"alive_bonus", ""}};
  if (options.contact_forces) spec_.reward_terms.push_back({"contact_cost", ""});
}

void Humanoid::Reset(VectorIn /*task*/, Simulation& simulation) const {
  mjData& data = simulation.data;
  for (int i = 0; i < model_->nq; ++i) {
    data.qpos[i] += simulation.reset.Uniform(-kResetNoise, kResetNoise);
  }
  // MuJoCo itself would observe the quaternion as it is until the first step.
  mj_normalizeQuat(&simulation.model, data.qpos);
  for (int i = 0; i < model_->nv; ++i) {
    data.qvel[i] = simulation.reset.Uniform(-kResetNoise, kResetNoise);
  }
  mj_forward(&simulation.model, &data);
}

void Humanoid::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  using Map = Eigen::Map<const Vector>;
  const mjData& data = simulation.data;
  Eigen::Index row = 0;
  const auto append = [&](const auto& numbers) {
    observation.segment(row, numbers.size()) = numbers;
    row += numbers.size();
  };
  append(Map(data.qpos + kPlace, model_->nq - kPlace));
  append(Map(data.qvel, model_->nv));
  if (options_.body_inertias) append(OfBodies(*model_, data.cinert, 10));
  if (options_.body_velocities) append(OfBodies(*model_, data.cvel, 6));
  if (options_.actuator_forces) append(Map(data.qfrc_actuator + kRoot, model_->nv - kRoot));
  if (options_.contact_forces) append(OfBodies(*model_, data.cfrc_ext, 6));
}

Outcome Humanoid::Step(VectorIn task, VectorIn action, Simulation& simulation,
                       VectorOut reward_terms) const {
  mjData& data = simulation.data;
  Eigen::Map<Vector> control(data.ctrl, model_->nu);
  control = kLargestControl * action.cwiseMax(-1).cwiseMin(1);
  // As in Humanoid-v5, MuJoCo's derived quantity, which lags qpos by the last stage of Runge-Kutta.
  const Eigen::Map<const Eigen::Vector2d> mass_centre(data.subtree_com);  // of the world
  const Eigen::Vector2d start = mass_centre;
  for (int i = 0; i < kPhysicsSteps; ++i) mj_step(&simulation.model, &data);

  Outcome outcome;
  reward_terms[0] = GoalReward(task, (mass_centre - start) / spec_.control_dt);
  reward_terms[1] = -options_.control_cost * control.squaredNorm();
  const std::vector<double>& healthy = options_.survival.height;
  outcome.terminated = !(healthy[0] < data.qpos[2] && data.qpos[2] < healthy[1]);
  reward_terms[2] = outcome.terminated ? 0 : options_.survival.bonus;
  if (options_.contact_forces) {
    mj_rnePostConstraint(&simulation.model, &data);  // mj_step leaves cfrc_ext as it was
    const double cost = options_.contact_cost * OfBodies(*model_, data.cfrc_ext, 6).squaredNorm();
    reward_terms[3] = -std::min(cost, kLargestContactCost);
  }
  outcome.reward = SerialSum(reward_terms);
  return outcome;
}

}  // namespace anole
