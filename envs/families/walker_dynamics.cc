// walker-dynamics: walk forward with an unknown body (rand_param_envs, as Rothfuss et al. 2019 and
// Rakelly et al. 2019 use it).
// Task: factors of masses, inertias, friction and damping, see random_dynamics.h.
// Reward: velocity along x [m/s] + 1 where healthy - .001 |clip(a)|^2.
// Observation (17): qpos without x, then qvel within +-10; nothing of the task.
// Ends where not healthy: height within .8..2 m, pitch within +-1 rad.
#include "envs/families/forward_dynamics.h"
#include "envs/families/walker.h"

namespace anole {
namespace {

const RegisterFamily<ForwardDynamics<Walker>> registration(
    "walker-dynamics", "a biped of unknown masses, friction and damping walks forward");

}  // namespace
}  // namespace anole
