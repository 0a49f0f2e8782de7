// hopper-dynamics: hop forward with an unknown body (rand_param_envs, as Rothfuss et al. 2019 use
// it).
// Task: factors of masses, inertias, friction and damping, see random_dynamics.h.
// Reward: velocity along x [m/s] + 1 where healthy - .001 |clip(a)|^2.
// Observation (11): qpos without x, then qvel within +-10; nothing of the task.
// Ends where not healthy: height above .7 m, pitch within +-.2 rad, all else within +-100.
#include "envs/families/forward_dynamics.h"
#include "envs/families/hopper.h"

namespace anole {
namespace {

const RegisterFamily<ForwardDynamics<Hopper>> registration(
    "hopper-dynamics", "a one-legged robot of unknown masses, friction and damping hops forward");

}  // namespace
}  // namespace anole
