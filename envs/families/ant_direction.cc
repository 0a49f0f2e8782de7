// ant-direction: run along a direction, as fast as possible (Finn, Abbeel, Levine 2017; any
// direction: Rakelly et al. 2019), with Ant-v5's weights, which are those of Rakelly et al.
// Task: direction, see directions.h.
// Reward: velocity along the direction [m/s] + 1 where healthy - .5 |clip(a)|^2 (- contact cost).
// Observation (27): qpos without x and y, then qvel (then contact forces).
// Ends where not healthy: height within .2..1 m.
#include "envs/families/ant.h"
#include "envs/families/directions.h"
#include "envs/families/preset.h"
#include "envs/recommended.h"

namespace anole {
namespace {

class AntDirection : public Ant {
 public:
  struct Options : Ant::Options {
    std::string preset = "oyster";
    Survival survival;
    Directions directions;

    static void Describe(VisitOf<Options> visit) {
      const std::string maml = "control_cost = 0.005, contact_forces = true, alive_bonus = 0.05";
      DescribePreset(visit, {{"oyster", ""},
                             {"maml_rl", maml},
                             {"pytorch-maml-rl", "horizon = 100, " + maml},
                             {"promp", "contact_forces = true, healthy_height = [0, 1]"},
                             {"gymnasium", "horizon = 1000, contact_forces = true"}});
      Ant::Options::Describe(visit);
      visit(&Options::survival);
      visit(&Options::directions);
    }
  };

  explicit AntDirection(const Options& options)
      : Ant(options, {.survival = options.survival},
            {.parameters = {options.directions.parameter()},
             .ranges = {options.directions.range()},
             .display = options.directions.display(),
             .reward_term = {"velocity", "m/s"},
             .diverged_reward = -1}),
        directions_(options.directions) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return directions_.Sample(rng, place);
  }

 private:
  double GoalReward(VectorIn task, const Motion& motion) const override {
    return directions_.Unit(task).dot(motion.velocity);
  }

  Directions directions_;
};

const RegisterFamily<AntDirection> registration("ant-direction",
                                                "ant runs forwards or backwards, or any way");

// The noise of other bodies costs more than a step alive earns.
const RegisterRecommended kAntDirectionOptions("ant-direction", {{"policy.log_std", "-1.2"},
                                                                 {"inner.step_size", "0.15"}});

}  // namespace
}  // namespace anole
