// cheetah-velocity: run at a given velocity (Finn, Abbeel, Levine 2017; range 0..3 m/s as in
// Rothfuss et al. 2019 and Rakelly et al. 2019).
#include "envs/families/goal_velocity.h"
#include "envs/families/half_cheetah.h"

namespace anole {
namespace {

class CheetahVelocity : public GoalVelocity<HalfCheetah> {
 public:
  struct Options : GoalVelocity::Options {
    Options() { goals.range = {0, 3}; }
  };
  explicit CheetahVelocity(const Options& options) : GoalVelocity(options) {}
};

const RegisterFamily<CheetahVelocity> registration("cheetah-velocity",
                                                   "half-cheetah runs at a given velocity");

}  // namespace
}  // namespace anole
