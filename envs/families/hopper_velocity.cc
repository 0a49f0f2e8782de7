// hopper-velocity: hop at a given velocity, 0..3 m/s. Of ours: the field varies hopper's dynamics,
// not its goals. 5 for each step alive is more than any error of one who stands, so that falling
// never pays.
// Task: goal velocity [m/s], see velocity_range.h.
// Reward: -|velocity along x - goal| [m/s] + 5 where healthy - .001 |clip(a)|^2.
// Observation (11): qpos without x, then qvel within +-10.
// Ends where not healthy: height above .7 m, pitch within +-.2 rad, all else within +-100.
#include "envs/families/goal_velocity.h"
#include "envs/families/hopper.h"

namespace anole {
namespace {

class HopperVelocity : public GoalVelocity<Hopper> {
 public:
  struct Options : GoalVelocity::Options {
    Options() {
      goals.range = {0, 3};
      alive_bonus = 5;
    }
  };
  explicit HopperVelocity(const Options& options) : GoalVelocity(options) {}
};

const RegisterFamily<HopperVelocity> registration("hopper-velocity",
                                                  "a one-legged robot hops at a given velocity");

}  // namespace
}  // namespace anole
