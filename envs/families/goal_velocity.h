// The task to move at a given velocity, on any body: GoalVelocity<Walker> is a task family.
// Task: see velocity_range.h. Reward: -|velocity - goal|, and what the body costs and earns.
#pragma once

#include "envs/displays/velocity_display.h"
#include "envs/families/locomotion.h"
#include "envs/families/velocity_range.h"

namespace anole {

// Body: derived from Locomotion, made of its Options and a Goal.
template <class Body>
class GoalVelocity : public Body {
 public:
  struct Options : Body::Options {
    VelocityRange goals;

    static void Describe(VisitOf<Options> visit) {
      Body::Options::Describe(visit);
      visit(&Options::goals);
    }
  };

  explicit GoalVelocity(const Options& options)
      : Body(options,
             {.parameters = {options.goals.parameter()},
              .ranges = {options.goals.CheckedRanges()},
              .display = std::make_shared<VelocityDisplay>(VelocityDisplay::Asks::kVelocity),
              .reward_term = options.goals.reward_term(),
              .diverged_reward = options.goals.diverged_reward()}),
        goals_(options.goals) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return goals_.Sample(rng, place);
  }

 private:
  double GoalReward(VectorIn task, const Locomotion::Motion& motion) const override {
    return goals_.Reward(task, motion.velocity.x());
  }

  VelocityRange goals_;
};

}  // namespace anole
