// swimmer-velocity: swim at a given velocity. The range, .1 to .2 m/s, is that of Finn et al.'s
// code (maml_rl), whose environment does not run. Rothfuss et al.'s (ProMP) rewards +|velocity -
// goal|: to be far from the goal. Ours has the sign that both must have meant.
// Task: goal velocity [m/s], see velocity_range.h.
// Reward: -|velocity along x - goal| [m/s] - .0001 |clip(a)|^2.
// Observation (8): qpos without x and y, then qvel. Ends at the horizon only.
#include "envs/families/goal_velocity.h"
#include "envs/families/swimmer.h"

namespace anole {
namespace {

class SwimmerVelocity : public GoalVelocity<Swimmer> {
 public:
  struct Options : GoalVelocity::Options {
    Options() { goals.range = {0.1, 0.2}; }
  };
  explicit SwimmerVelocity(const Options& options) : GoalVelocity(options) {}
};

const RegisterFamily<SwimmerVelocity> registration("swimmer-velocity",
                                                   "a chain of three links swims at a velocity");

}  // namespace
}  // namespace anole
