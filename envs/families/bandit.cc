// bandit: which of several arms pays best? (Duan et al. 2016, "RL^2", section 3.1.)
// Task: the probability with which each arm pays, uniform in [0, 1].
// Observation: 1 for the arm that was pulled last, 0 for the others; 0 for all at the start.
// Action: a preference for each arm, of which the largest is pulled; the first of equal ones.
// Reward: 1 if the arm pays, else 0.
// There is no physics: a memory task with known answers. Of 10 arms and 100 pulls the Gittins index
// makes 82.8, Thompson sampling 76.7, random pulls 49.9 (the same, table 1).
#include <string>
#include <string_view>

#include "envs/families/simulated_family.h"

namespace anole {
namespace {

constexpr std::string_view kBody = "point.xml";  // that anything is simulated with
constexpr double kControlDt = .1;                // [s] for displays only

class Bandit : public SimulatedFamily {
 public:
  struct Options {
    std::int64_t horizon = 100;
    std::int64_t arms = 10;

    static void Describe(VisitOf<Options> visit) {
      visit("task.horizon", &Options::horizon,
            {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
      visit("task.arms", &Options::arms, {.help = "how many there are", .min = 2, .max = 1000});
    }
  };

  explicit Bandit(const Options& options)
      : SimulatedFamily(kBody, LoadLeanEmbeddedModel(kBody).model) {
    spec_.observation_dim = spec_.action_dim = spec_.memory_dim = options.arms;
    spec_.observations = {{.name = "arm_pulled", .size = options.arms}};
    for (std::int64_t i = 0; i < options.arms; ++i) {
      const std::string arm = "arm_" + std::to_string(i);
      spec_.actions.push_back({.actuator = arm, .quantity = "preference"});
      spec_.task_parameters.push_back({arm, ""});
      spec_.task_ranges.emplace_back(0, 1);
    }
    spec_.horizon = options.horizon;
    spec_.control_dt = kControlDt;
    spec_.diverged_reward = -1;  // less than any arm pays
    spec_.reward_terms = {{"pay", ""}};
  }

  Vector Sample(Rng& rng, const TaskPlace& /*place*/) const override {
    Vector pays(spec_.action_dim);
    for (double& pay : pays) pay = rng.Uniform(0, 1);
    return pays;
  }

  void Reset(VectorIn /*task*/, Simulation& /*simulation*/) const override {}

  void Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const override {
    observation = simulation.memory;
  }

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    Eigen::Index arm = 0;
    action.maxCoeff(&arm);
    simulation.memory.setZero();
    simulation.memory[arm] = 1;
    simulation.data.time += kControlDt;
    reward_terms[0] = simulation.reset.Uniform(0, 1) < task[arm] ? 1 : 0;
    return {.reward = reward_terms[0]};
  }
};

const RegisterFamily<Bandit> registration("bandit", "which of several arms pays best?");

}  // namespace
}  // namespace anole
