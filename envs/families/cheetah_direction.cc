// cheetah-direction: run forwards or backwards, as fast as possible (Finn, Abbeel, Levine 2017).
// Task: direction d, +1 or -1, enumerated: every set of tasks holds both, and so, as in every
// paper, both are trained and tested.
// Reward: d * velocity along x [m/s] - .05 |clip(a)|^2.
// Observation (17): qpos without x, then qvel. Ends at the horizon only.
#include "envs/displays/velocity_display.h"
#include "envs/families/half_cheetah.h"

namespace anole {
namespace {

class CheetahDirection : public HalfCheetah {
 public:
  using Options = HalfCheetah::Options;

  explicit CheetahDirection(const Options& options)
      : HalfCheetah(
            options,
            {.parameters = {{"direction", ""}},
             .ranges = {{-1, 1}},
             .display = std::make_shared<VelocityDisplay>(VelocityDisplay::Asks::kDirection),
             .reward_term = {"velocity", "m/s"},
             .diverged_reward = -1}) {}

  Vector Sample(Rng& /*rng*/, const TaskPlace& place) const override {
    return Vector::Constant(1, place.index % 2 == 0 ? 1 : -1);
  }

 private:
  double GoalReward(VectorIn task, const Motion& motion) const override {
    return task[0] * motion.velocity.x();
  }
};

const RegisterFamily<CheetahDirection> registration("cheetah-direction",
                                                    "half-cheetah runs forwards or backwards");

}  // namespace
}  // namespace anole
