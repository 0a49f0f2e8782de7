// walker-dynamics: walk forward with an unknown body (rand_param_envs, as Rothfuss et al. 2019 and
// Rakelly et al. 2019 use it): velocity + 1 alive - .001 |a|^2.
#include "envs/families/forward_dynamics.h"
#include "envs/families/walker.h"

namespace anole {
namespace {

const RegisterFamily<ForwardDynamics<Walker>> registration(
    "walker-dynamics", "a biped of unknown masses, friction and damping walks forward");

}  // namespace
}  // namespace anole
