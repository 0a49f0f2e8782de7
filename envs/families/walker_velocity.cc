// walker-velocity: walk at a given velocity (Rothfuss et al. 2019: 0..10 m/s with 15 for each step
// alive, more than any error of one who stands, so that falling never pays).
// Task: goal velocity [m/s], see velocity_range.h.
// Reward: -|velocity along x - goal| [m/s] + 15 where healthy - .001 |clip(a)|^2.
// Observation (17): qpos without x, then qvel within +-10.
// Ends where not healthy: height within .8..2 m, pitch within +-1 rad.
#include "envs/families/goal_velocity.h"
#include "envs/families/preset.h"
#include "envs/families/walker.h"

namespace anole {
namespace {

class WalkerVelocity : public GoalVelocity<Walker> {
 public:
  struct Options : GoalVelocity::Options {
    std::string preset = "anole";

    Options() {
      goals.range = {0, 10};
      alive_bonus = 15;
    }
    static void Describe(VisitOf<Options> visit) {
      DescribePreset(visit, {{"anole", ""}, {"promp", "physics_steps = 8"}});
      GoalVelocity::Options::Describe(visit);
    }
  };
  explicit WalkerVelocity(const Options& options) : GoalVelocity(options) {}
};

const RegisterFamily<WalkerVelocity> registration("walker-velocity",
                                                  "a biped walks at a given velocity");

}  // namespace
}  // namespace anole
