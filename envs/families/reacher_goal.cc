// reacher-goal: an arm of two links reaches a target that it does not see, on the body of
// Gymnasium's Reacher-v5. The field has no agreed definition; this is Reacher-v5 without what tells
// of the target in its observation.
//
// Task: target (x, y) [m], uniform in a disc, or see test_ring.h.
// Observation (8): cosines and sines of both joint angles, their velocities [rad/s], place of the
// fingertip [m]. Action (2): motor commands, clipped to +-1.
// Reward: -distance of the fingertip to the target [m] - cost of the clipped action.
// Success: the episode ends with the fingertip within .02 m.
// Reset: joint angles U(-.1, .1) [rad], velocities U(-.005, .005). Control step: 2 physics steps of
// .01 s.
//
// The fingertip's place is where the integrator last evaluated it, as in Gymnasium: the last of
// RK4's four stages, not yet the state that they sum to.
#include <cstddef>
#include <string_view>

#include "envs/families/simulated_family.h"
#include "envs/families/test_ring.h"
#include "envs/recommended.h"

namespace anole {
namespace {

constexpr std::string_view kReacher = "reacher.xml";
constexpr int kPhysicsSteps = 2;  // per control step
constexpr int kJoints = 2;        // of the arm: the first of qpos and qvel; then come the target's
constexpr double kAngleNoise = 0.1;
constexpr double kVelocityNoise = 0.005;
constexpr double kMaxRadius = 0.27;     // [m] of targets
constexpr double kReacherClose = 0.02;  // [m] from the target: success

class ReacherGoal : public SimulatedFamily {
 public:
  struct Options : BodyOptions {
    double radius = 0.2;  // [m]
    TestRing ring;

    Options() {
      horizon = 50;
      control_cost = 1;
    }
    static void Describe(VisitOf<Options> visit) {
      BodyOptions::Describe(visit);
      visit("task.radius", &Options::radius,
            {.help = "of the disc of targets around the shoulder; the arm reaches .21 m",
             .unit = "m",
             .max = kMaxRadius,
             .positive = true});
      visit(&Options::ring, kMaxRadius);
    }
  };

  explicit ReacherGoal(const Options& options)
      : SimulatedFamily(kReacher, options),
        fingertip_(mj_name2id(model_.get(), mjOBJ_BODY, "fingertip")),
        control_cost_(options.control_cost),
        radius_(options.radius),
        ring_(options.ring) {
    spec_.observation_dim = 3 * kJoints + 2;
    spec_.action_dim = model_->nu;
    spec_.observations = {{.name = "cosines of joint angles", .size = kJoints},
                          {.name = "sines of joint angles", .size = kJoints},
                          {.name = "joint velocities", .unit = "rad/s", .size = kJoints},
                          {.name = "place of the fingertip", .unit = "m", .size = 2}};
    spec_.actions = Motors(1);
    spec_.horizon = options.horizon;
    spec_.control_dt = kPhysicsSteps * model_->opt.timestep;
    spec_.diverged_reward = -1;  // no target is so far from the fingertip
    spec_.task_parameters = {{"target_x", "m"}, {"target_y", "m"}};
    ring_.Reach(radius_);  // refuses a ring that is none
    spec_.task_ranges = ring_.Ranges(radius_);
    // No display: the model has the target as a body, which a mark on the floor would only cover.
    spec_.has_success = true;
    spec_.reward_terms = {{"distance", "m"}, {"control_cost", ""}};
  }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    if (ring_.Has(place)) return ring_.Sample(rng);
    Eigen::Vector2d target;
    do {
      target.x() = rng.Uniform(-radius_, radius_);
      target.y() = rng.Uniform(-radius_, radius_);
    } while (target.norm() >= radius_);
    return target;
  }

  void Reset(VectorIn task, Simulation& simulation) const override {
    mjData& data = simulation.data;
    for (int i = 0; i < kJoints; ++i) {
      data.qpos[i] += simulation.reset.Uniform(-kAngleNoise, kAngleNoise);
    }
    for (int i = 0; i < kJoints; ++i) {
      data.qvel[i] = simulation.reset.Uniform(-kVelocityNoise, kVelocityNoise);
    }
    Eigen::Map<Eigen::Vector2d>(data.qpos + kJoints) = task;
    mj_forward(&simulation.model, &data);
  }

  void Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const override {
    const mjData& data = simulation.data;
    const Eigen::Map<const Eigen::Array2d> angles(data.qpos);
    observation << angles.cos().matrix(), angles.sin().matrix(),
        Eigen::Map<const Eigen::Vector2d>(data.qvel), Fingertip(data);
  }

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    mjData& data = simulation.data;
    Eigen::Map<Vector> control(data.ctrl, model_->nu);
    control = action.cwiseMax(-1).cwiseMin(1);
    for (int i = 0; i < kPhysicsSteps; ++i) mj_step(&simulation.model, &data);
    const double distance = (Fingertip(data) - task).norm();
    reward_terms[0] = -distance;
    reward_terms[1] = -control_cost_ * control.squaredNorm();
    return {.reward = reward_terms[0] + reward_terms[1], .success = distance < kReacherClose};
  }

 private:
  Eigen::Vector2d Fingertip(const mjData& data) const {
    return Eigen::Map<const Eigen::Vector2d>(data.xpos + std::ptrdiff_t{3} * fingertip_);
  }

  int fingertip_;  // body
  double control_cost_;
  double radius_;
  TestRing ring_;
};

const RegisterFamily<ReacherGoal> registration("reacher-goal",
                                               "an arm reaches a target that it does not see");

// Its actions cost so much, and the arm is so light, that with the noise of other families there is
// nothing else to be seen; shorter steps go with less noise.
const RegisterRecommended kReacherGoalOptions("reacher-goal", {{"policy.log_std", "-1.5"},
                                                               {"inner.step_size", "0.05"}});

}  // namespace
}  // namespace anole
