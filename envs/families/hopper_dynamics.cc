// hopper-dynamics: hop forward with an unknown body (rand_param_envs, as Rothfuss et al. 2019 use
// it): velocity + 1 alive - .001 |a|^2.
#include "envs/families/forward_dynamics.h"
#include "envs/families/hopper.h"

namespace anole {
namespace {

const RegisterFamily<ForwardDynamics<Hopper>> registration(
    "hopper-dynamics", "a one-legged robot of unknown masses, friction and damping hops forward");

}  // namespace
}  // namespace anole
