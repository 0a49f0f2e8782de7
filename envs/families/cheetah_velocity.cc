// cheetah-velocity: run at a given velocity (Finn, Abbeel, Levine 2017; range 0..3 m/s as in
// Rothfuss et al. 2019 and Rakelly et al. 2019). Task: goal velocity [m/s], uniform in
// `task.range`, stratified. Reward: -|velocity - goal| - control cost.
#include <algorithm>
#include <cmath>

#include "configs/user_error.h"
#include "envs/families/half_cheetah.h"

namespace anole {
namespace {

class CheetahVelocity : public HalfCheetah {
 public:
  struct Options : HalfCheetah::Options {
    std::vector<double> range = {0, 3};  // [m/s]

    void Describe(OptionVisitor& visit) {
      HalfCheetah::Options::Describe(visit);
      visit("task.range", range,
            {.help = "lowest and highest goal velocity",
             .unit = "m/s",
             .min = -100,
             .max = 100,
             .min_size = 2,
             .max_size = 2});
    }
  };

  explicit CheetahVelocity(const Options& options)
      : HalfCheetah(options, {.parameter = {"goal_velocity", "m/s"},
                              .range = {options.range[0], options.range[1]},
                              .display = TaskDisplay::kVelocityX,
                              .reward_term = {"velocity_error", "m/s"},
                              .diverged_reward = -WorstError(options)}),
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

  double GoalReward(VectorIn task, double velocity) const override {
    return -std::abs(velocity - task[0]);
  }

  std::vector<double> range_;
};

const RegisterFamily<CheetahVelocity> registration("cheetah-velocity",
                                                   "half-cheetah runs at a given velocity");

}  // namespace
}  // namespace anole
