// The task to run forward with a body whose dynamics are the task, on any body:
// ForwardDynamics<Walker> is a task family.
// Task: factors of masses, inertias, friction and damping, see random_dynamics.h; none is observed.
// Reward: forward velocity [m/s], and what the body costs and earns.
#pragma once

#include <utility>

#include "envs/families/locomotion.h"
#include "envs/families/random_dynamics.h"

namespace anole {

// Body: derived from Locomotion, made of its Options and a Goal; kModel is its file.
template <class Body>
class ForwardDynamics : public Body {
 public:
  struct Options : Body::Options {
    RandomDynamicsOptions dynamics;

    static void Describe(VisitOf<Options> visit) {
      Body::Options::Describe(visit);
      visit(&Options::dynamics);
    }
  };

  explicit ForwardDynamics(const Options& options)
      : ForwardDynamics(
            options, RandomDynamics(options.dynamics, *LoadLeanEmbeddedModel(Body::kModel).model)) {
  }

  bool varies_model() const override { return true; }
  void Configure(VectorIn task, std::int64_t /*iteration*/, Rng& /*rng*/,
                 mjModel& model) const override {
    dynamics_.Apply(task, model);
    MixFriction(model);
  }
  Vector Sample(Rng& rng, const TaskPlace& /*place*/) const override {
    return dynamics_.Sample(rng);
  }

 private:
  ForwardDynamics(const Options& options, RandomDynamics dynamics)
      : Body(options, {.parameters = dynamics.parameters(),
                       .ranges = dynamics.ranges(),
                       .reward_term = {"velocity", "m/s"},
                       .diverged_reward = -1,
                       .changes = dynamics.Examples()}),
        dynamics_(std::move(dynamics)) {}

  double GoalReward(VectorIn /*task*/, const Locomotion::Motion& motion) const override {
    return motion.velocity.x();
  }

  RandomDynamics dynamics_;
};

}  // namespace anole
