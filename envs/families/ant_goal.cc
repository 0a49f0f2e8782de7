// ant-goal: run to a target (Rothfuss et al. 2019; Rakelly et al. 2019).
// Task: target (x, y) [m], uniform in a disc of radius 3 m, or see test_ring.h.
// Reward: -L1 distance of the torso to the target after the step [m] - .1 |clip(a)|^2 (- contact
// cost).
// Observation (29): qpos with x and y, as theirs, then qvel (then contact forces).
// Ends at the horizon only. Success, by our own definition (the field has none): the episode ends
// with the torso within .5 m of the target, about half a leg's reach.
#include <cmath>
#include <numbers>

#include "envs/displays/point_display.h"
#include "envs/families/ant.h"
#include "envs/families/preset.h"
#include "envs/families/test_ring.h"
#include "envs/recommended.h"

namespace anole {
namespace {

constexpr double kAntReach = 3;    // [m] of targets
constexpr double kAntClose = 0.5;  // [m] from the target: success

class AntGoal : public Ant {
 public:
  struct Options : Ant::Options {
    std::string preset = "anole";
    TestRing ring;

    Options() { control_cost = 0.1; }
    static void Describe(VisitOf<Options> visit) {
      DescribePreset(
          visit,
          {{"anole", ""}, {"promp", "contact_forces = true"}, {"oyster", "contact_forces = true"}});
      Ant::Options::Describe(visit);
      visit(&Options::ring, 100);
    }
  };

  explicit AntGoal(const Options& options) : AntGoal(options, options.ring.Reach(kAntReach)) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    if (ring_.Has(place)) return ring_.Sample(rng);
    const double angle = rng.Uniform(0, 2 * std::numbers::pi);
    const double radius = kAntReach * std::sqrt(rng.Uniform(0, 1));  // evenly over the area
    return Eigen::Vector2d(radius * std::cos(angle), radius * std::sin(angle));
  }

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    Outcome outcome = Locomotion::Step(task, action, simulation, reward_terms);
    const Eigen::Map<const Eigen::Vector2d> position(simulation.data.qpos);
    outcome.success = (position - task).norm() < kAntClose;
    return outcome;
  }

 private:
  // reach: the distance of the farthest targets.
  AntGoal(const Options& options, double reach)
      : Ant(options, {.observes_place = true},
            {.parameters = {{"target_x", "m"}, {"target_y", "m"}},
             .ranges = options.ring.Ranges(kAntReach),
             .display = std::make_shared<PointDisplay>(),
             .has_success = true,
             .reward_term = {"distance", "m"},
             // No target is farther than sqrt(2) * reach, in L1, from where it stands.
             .diverged_reward = -2 * reach}),
        ring_(options.ring) {}

  double GoalReward(VectorIn task, const Motion& motion) const override {
    return -(motion.position - task).lpNorm<1>();
  }

  TestRing ring_;
};

const RegisterFamily<AntGoal> registration("ant-goal", "ant runs to a target on the floor");

// The noise of other bodies costs more than a step alive earns.
const RegisterRecommended kAntGoalOptions("ant-goal", {{"policy.log_std", "-1.2"},
                                                       {"inner.step_size", "0.15"}});

}  // namespace
}  // namespace anole
