// ant-velocity: run at a given velocity (Finn, Abbeel, Levine 2017). Task: goal velocity [m/s],
// uniform in `task.range`, stratified. Reward: -|velocity - goal| + alive - control cost (- contact
// cost). Defaults are the weights of that paper's code, maml_rl, whose bonuses of 1 and .05 are one
// here. As there, a goal above the bonus makes standing still worse than falling.
#include <algorithm>
#include <cmath>

#include "configs/user_error.h"
#include "envs/families/ant.h"

namespace anole {
namespace {

class AntVelocity : public Ant {
 public:
  struct Options : Ant::Options {
    Survival survival = {.bonus = 1.05};
    std::vector<double> range = {0, 3};  // [m/s]

    Options() { control_cost = 0.005; }
    void Describe(OptionVisitor& visit) {
      Ant::Options::Describe(visit);
      survival.Describe(visit);
      visit("task.range", range,
            {.help = "lowest and highest goal velocity",
             .unit = "m/s",
             .min = -100,
             .max = 100,
             .min_size = 2,
             .max_size = 2});
    }
  };

  explicit AntVelocity(const Options& options)
      : Ant(options, {.parameters = {{"goal_velocity", "m/s"}},
                      .ranges = {{options.range[0], options.range[1]}},
                      .display = TaskDisplay::kVelocityX,
                      .reward_term = {"velocity_error", "m/s"},
                      .diverged_reward = -WorstError(options),
                      .survival = options.survival}),
        range_(options.range) {
    if (range_[0] > range_[1]) {
      throw UserError("task.range: the lowest goal velocity is above the highest");
    }
  }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return Vector::Constant(1, StratifiedUniform(rng, range_[0], range_[1], place));
  }

 private:
  // A diverged episode must not beat one that stands still.
  static double WorstError(const Options& options) {
    return 1 + std::max(std::abs(options.range[0]), std::abs(options.range[1]));
  }

  double GoalReward(VectorIn task, const Motion& motion) const override {
    return -std::abs(motion.velocity.x() - task[0]);
  }

  std::vector<double> range_;
};

const RegisterFamily<AntVelocity> registration("ant-velocity", "ant runs at a given velocity");

}  // namespace
}  // namespace anole
