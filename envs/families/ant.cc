#include "envs/families/ant.h"

#include "envs/serial_sum.h"

namespace anole {
namespace {

constexpr std::string_view kModel = "ant.xml";
constexpr int kPhysicsSteps = 5;  // per control step
constexpr double kResetNoise = 0.1;
constexpr int kTorso = 1;  // body
constexpr int kPlace = 2;  // first numbers of qpos: where on the floor
constexpr double kLargestForce = 1;

// On all bodies but the world, clipped.
auto ContactForces(const mjModel& model, const mjData& data) {
  return Eigen::Map<const Vector>(data.cfrc_ext + 6, 6 * (model.nbody - 1))
      .cwiseMax(-kLargestForce)
      .cwiseMin(kLargestForce);
}

// Where Ant-v5 reads its velocity: MuJoCo's derived position of the torso, which lags qpos by the
// last stage of Runge-Kutta.
Eigen::Vector2d LaggingPosition(const mjData& data) {
  return Eigen::Map<const Eigen::Vector2d>(data.xpos + static_cast<std::ptrdiff_t>(3 * kTorso));
}

}  // namespace

void Ant::Options::Describe(OptionVisitor& visit) {
  BodyOptions::Describe(visit);
  visit("task.contact_forces", contact_forces,
        {.help = "contact forces are observed (78 numbers clipped to +-1) and cost"});
  if (contact_forces || visit.everything()) {
    visit("task.contact_cost", contact_cost,
          {.help = "weight of the squared clipped contact forces in the reward",
           .min = 0,
           .max = 1e3});
  }
}

Ant::Ant(const Options& options, const Goal& goal)
    : SimulatedFamily(kModel, options),
      options_(options),
      unobserved_(goal.observes_place ? 0 : kPlace),
      survival_(goal.survival) {
  if (survival_) survival_->Check();
  const auto forces = options.contact_forces ? 6 * (model_->nbody - 1) : 0;
  spec_.observation_dim = model_->nq - unobserved_ + model_->nv + forces;
  spec_.action_dim = model_->nu;
  spec_.horizon = options.horizon;
  spec_.control_dt = kPhysicsSteps * model_->opt.timestep;
  spec_.diverged_reward = goal.diverged_reward;
  spec_.task_parameters = goal.parameters;
  spec_.task_ranges = goal.ranges;
  spec_.display = goal.display;
  spec_.has_success = goal.has_success;
  spec_.reward_terms = {goal.reward_term, {"control_cost", ""}};
  if (survival_) spec_.reward_terms.push_back({"alive_bonus", ""});
  if (options.contact_forces) spec_.reward_terms.push_back({"contact_cost", ""});
}

void Ant::Reset(VectorIn /*task*/, Simulation& simulation) const {
  mjData& data = simulation.data;
  for (int i = 0; i < model_->nq; ++i) {
    data.qpos[i] += simulation.reset.Uniform(-kResetNoise, kResetNoise);
  }
  // MuJoCo itself would observe the quaternion as it is until the first step.
  mj_normalizeQuat(&simulation.model, data.qpos);
  for (int i = 0; i < model_->nv; ++i) data.qvel[i] = kResetNoise * simulation.reset.Normal();
  mj_forward(&simulation.model, &data);
}

void Ant::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  using Map = Eigen::Map<const Vector>;
  const auto positions = model_->nq - unobserved_;
  observation.head(positions) = Map(simulation.data.qpos + unobserved_, positions);
  observation.segment(positions, model_->nv) = Map(simulation.data.qvel, model_->nv);
  if (options_.contact_forces) {
    observation.tail(6 * (model_->nbody - 1)) = ContactForces(*model_, simulation.data);
  }
}

Outcome Ant::Step(VectorIn task, VectorIn action, Simulation& simulation,
                  VectorOut reward_terms) const {
  mjData& data = simulation.data;
  Eigen::Map<Vector> control(data.ctrl, model_->nu);
  control = action.cwiseMax(-1).cwiseMin(1);
  const Eigen::Vector2d start = LaggingPosition(data);
  for (int i = 0; i < kPhysicsSteps; ++i) mj_step(&simulation.model, &data);
  const Motion motion{.position = Eigen::Map<const Eigen::Vector2d>(data.qpos),
                      .velocity = (LaggingPosition(data) - start) / spec_.control_dt};

  Outcome outcome;
  Eigen::Index term = 0;
  reward_terms[term++] = GoalReward(task, motion);
  reward_terms[term++] = -options_.control_cost * control.squaredNorm();
  if (survival_) {
    const double height = data.qpos[2];
    outcome.terminated = !(survival_->height[0] <= height && height <= survival_->height[1]);
    reward_terms[term++] = outcome.terminated ? 0 : survival_->bonus;
  }
  if (options_.contact_forces) {
    mj_rnePostConstraint(&simulation.model, &data);  // mj_step leaves cfrc_ext as it was
    reward_terms[term++] = -options_.contact_cost * ContactForces(*model_, data).squaredNorm();
  }
  outcome.reward = SerialSum(reward_terms);
  return outcome;
}

}  // namespace anole
