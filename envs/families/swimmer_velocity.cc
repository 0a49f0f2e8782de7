// swimmer-velocity: swim at a given velocity. The range, .1 to .2 m/s, is that of Finn et al.'s
// code (maml_rl), whose environment does not run. Rothfuss et al.'s (ProMP) rewards +|velocity -
// goal|: to be far from the goal. Ours has the sign that both must have meant.
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
