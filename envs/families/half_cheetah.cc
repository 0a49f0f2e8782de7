#include "envs/families/half_cheetah.h"

#include "envs/model_rewrite.h"

namespace anole {
namespace {

constexpr std::string_view kModel = "half_cheetah.xml";
constexpr int kPhysicsSteps = 5;  // per control step
constexpr double kResetNoise = 0.1;

}  // namespace

void HalfCheetah::Options::Describe(OptionVisitor& visit) {
  visit("task.horizon", horizon,
        {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
  visit("task.control_cost", control_cost,
        {.help = "weight of the squared clipped action in the reward", .min = 0, .max = 1e3});
  visit("task.model_rewrite", model_rewrite,
        {.help = "auto: simulate by a faster model where it moves as the plain one in every bit",
         .choices = {"auto", "off"}});
}

HalfCheetah::HalfCheetah(const Options& options, const Goal& goal)
    : model_(options.model_rewrite == "auto" ? LoadFasterEmbeddedModel(kModel)
                                             : LoadEmbeddedModel(kModel)),
      control_cost_(options.control_cost) {
  spec_.observation_dim = model_->nq - 1 + model_->nv;
  spec_.action_dim = model_->nu;
  spec_.horizon = options.horizon;
  spec_.control_dt = kPhysicsSteps * model_->opt.timestep;
  spec_.diverged_reward = goal.diverged_reward;
  spec_.task_parameters = {goal.parameter};
  spec_.task_ranges = {goal.range};
  spec_.display = goal.display;
  spec_.reward_terms = {goal.reward_term, {"control_cost", ""}};
}

void HalfCheetah::Reset(VectorIn /*task*/, Simulation& simulation) const {
  mjData& data = simulation.data;
  for (int i = 0; i < model_->nq; ++i) {
    data.qpos[i] += simulation.reset.Uniform(-kResetNoise, kResetNoise);
  }
  for (int i = 0; i < model_->nv; ++i) data.qvel[i] = kResetNoise * simulation.reset.Normal();
  mj_forward(&simulation.model, &data);
}

void HalfCheetah::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  using Map = Eigen::Map<const Vector>;
  observation.head(model_->nq - 1) = Map(simulation.data.qpos + 1, model_->nq - 1);
  observation.tail(model_->nv) = Map(simulation.data.qvel, model_->nv);
}

Outcome HalfCheetah::Step(VectorIn task, VectorIn action, Simulation& simulation,
                          VectorOut reward_terms) const {
  mjData& data = simulation.data;
  Eigen::Map<Vector> control(data.ctrl, model_->nu);
  control = action.cwiseMax(-1).cwiseMin(1);
  const double x = data.qpos[0];
  for (int i = 0; i < kPhysicsSteps; ++i) mj_step(&simulation.model, &data);
  const double velocity = (data.qpos[0] - x) / spec_.control_dt;
  reward_terms[0] = GoalReward(task, velocity);
  reward_terms[1] = -control_cost_ * control.squaredNorm();
  return {.reward = reward_terms[0] + reward_terms[1]};
}

}  // namespace anole
