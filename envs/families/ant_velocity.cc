// ant-velocity: run at a given velocity (Finn, Abbeel, Levine 2017). Defaults are the weights of
// that paper's code, maml_rl, whose bonuses of 1 and .05 are one here. As there, a goal above the
// bonus makes standing still worse than falling.
// Task: goal velocity [m/s], see velocity_range.h.
// Reward: -|velocity along x - goal| [m/s] + 1.05 where healthy - .005 |clip(a)|^2 (- contact
// cost). Observation (27): qpos without x and y, then qvel (then contact forces). Ends where not
// healthy: height within .2..1 m.
#include "envs/displays/velocity_display.h"
#include "envs/families/ant.h"
#include "envs/families/preset.h"
#include "envs/families/velocity_range.h"

namespace anole {
namespace {

class AntVelocity : public Ant {
 public:
  struct Options : Ant::Options {
    std::string preset = "anole";
    Survival survival = {.bonus = 1.05};
    VelocityRange goals = {{.range = {0, 3}, .test_range = {}}};

    Options() { control_cost = 0.005; }
    static void Describe(VisitOf<Options> visit) {
      DescribePreset(visit, {{"anole", ""},
                             {"maml_rl", "contact_forces = true"},
                             {"pytorch-maml-rl", "horizon = 100, contact_forces = true"}});
      Ant::Options::Describe(visit);
      visit(&Options::survival);
      visit(&Options::goals);
    }
  };

  explicit AntVelocity(const Options& options)
      : Ant(options, {.survival = options.survival},
            {.parameters = {options.goals.parameter()},
             .ranges = {options.goals.CheckedRanges()},
             .display = std::make_shared<VelocityDisplay>(VelocityDisplay::Asks::kVelocity),
             .reward_term = options.goals.reward_term(),
             .diverged_reward = options.goals.diverged_reward()}),
        goals_(options.goals) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return goals_.Sample(rng, place);
  }

 private:
  double GoalReward(VectorIn task, const Motion& motion) const override {
    return goals_.Reward(task, motion.velocity.x());
  }

  VelocityRange goals_;
};

const RegisterFamily<AntVelocity> registration("ant-velocity", "ant runs at a given velocity");

}  // namespace
}  // namespace anole
