// humanoid-direction: walk along a direction, as fast as possible (Rothfuss et al. 2019; Rakelly et
// al. 2019), with Humanoid-v5's weights.
// Task: direction, see directions.h.
// Reward: 1.25 * velocity of the mass centre along the direction [m/s] + 5 where healthy - .1
// |command|^2, the command .4 clip(a) (- contact cost). (The field writes .25 / model time step *
// displacement per control step of 5 model steps, which is the same.)
// Observation (45): qpos without x and y, then qvel (then what humanoid.h has as options).
// Ends where not healthy: height within 1..2 m.
#include "envs/families/directions.h"
#include "envs/families/humanoid.h"
#include "envs/families/preset.h"
#include "envs/recommended.h"

namespace anole {
namespace {

constexpr double kVelocityWeight = 1.25;

class HumanoidDirection : public Humanoid {
 public:
  struct Options : Humanoid::Options {
    std::string preset = "anole";
    Directions directions = {DirectionSet::kAny};

    static void Describe(VisitOf<Options> visit) {
      const std::string numbers =
          "body_inertias = true, body_velocities = true, actuator_forces = true, "
          "contact_forces = true";
      const std::string line = R"(directions = "forward-backward")";
      DescribePreset(visit, {{"anole", ""},
                             {"oyster", numbers},
                             {"promp", numbers + ", " + line},
                             {"gymnasium", "horizon = 1000, " + numbers + ", " + line}});
      Humanoid::Options::Describe(visit);
      visit(&Options::directions);
    }
  };

  explicit HumanoidDirection(const Options& options)
      : Humanoid(options, {.parameters = {options.directions.parameter()},
                           .ranges = {options.directions.range()},
                           .display = options.directions.display(),
                           .reward_term = {"progress", ""},
                           .diverged_reward = -1}),
        directions_(options.directions) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return directions_.Sample(rng, place);
  }

 private:
  double GoalReward(VectorIn task, const Motion& motion) const override {
    return kVelocityWeight * directions_.Unit(task).dot(motion.velocity);
  }

  Directions directions_;
};

const RegisterFamily<HumanoidDirection> registration("humanoid-direction",
                                                     "humanoid walks in a given direction");

// Longer steps of noisier episodes cost the balance that it has learned.
const RegisterRecommended kHumanoidDirectionOptions("humanoid-direction",
                                                    {{"policy.log_std", "-1.2"},
                                                     {"inner.step_size", "0.05"}});

}  // namespace
}  // namespace anole
