// cheetah-velocity: run at a given velocity (Finn, Abbeel, Levine 2017, whose code has 0..2 m/s;
// Rothfuss et al. 2019 and Rakelly et al. 2019, PEARL, have 0..3 m/s).
// Task: goal velocity [m/s], see velocity_range.h.
// Reward: -|velocity along x - goal| [m/s] - .05 |clip(a)|^2.
// Observation (17): qpos without x, then qvel. Ends at the horizon only.
#include "envs/families/goal_velocity.h"
#include "envs/families/half_cheetah.h"
#include "envs/families/preset.h"

namespace anole {
namespace {

class CheetahVelocity : public GoalVelocity<HalfCheetah> {
 public:
  struct Options : GoalVelocity::Options {
    std::string preset = "pearl";

    Options() { goals.range = {0, 3}; }
    static void Describe(VisitOf<Options> visit) {
      DescribePreset(
          visit,
          {{"pearl", "range = [0, 3]"}, {"maml", "range = [0, 2]"}, {"signed", "range = [-2, 2]"}});
      GoalVelocity::Options::Describe(visit);
    }
  };
  explicit CheetahVelocity(const Options& options) : GoalVelocity(options) {}
};

const RegisterFamily<CheetahVelocity> registration("cheetah-velocity",
                                                   "half-cheetah runs at a given velocity");

}  // namespace
}  // namespace anole
