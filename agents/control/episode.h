// What happened in one episode.
#pragma once

#include <cstdint>
#include <span>

#include "envs/linear_algebra.h"
#include "envs/task_family.h"

namespace anole {

enum class End {
  kTimeLimit,   // the horizon was reached
  kTerminated,  // by the task
  kDiverged,    // the physics blew up; the step that did is not recorded
};

// Memory is for a whole horizon; `length` columns of it are used.
struct Episode {
  // (observation_dim + feedback_dim x horizon), raw: what the policy sees before the action beside
  // it, of the task and, below, of its own past (PolicyShape::feedback_dim).
  Matrix observations;
  Matrix privileged;    // (privileged_dim x horizon), raw, beside each observation
  Matrix actions;       // (action_dim x horizon), raw, as the policy drew them
  Matrix reward_terms;  // (reward terms x horizon)
  Vector rewards;       // (horizon)
  Vector log_probs;     // (horizon), log pi(a | o) of the raw action
  std::int64_t length = 0;
  End end = End::kTimeLimit;
  bool success = false;            // at the last step
  double undiscounted_return = 0;  // a diverged episode's missing steps count diverged_reward each

  explicit Episode(const FamilySpec& spec, std::int64_t feedback_dim = 0)
      : observations(spec.observation_dim + feedback_dim, spec.horizon),
        privileged(spec.privileged_dim, spec.horizon),
        actions(spec.action_dim, spec.horizon),
        reward_terms(static_cast<Eigen::Index>(spec.reward_terms.size()), spec.horizon),
        rewards(spec.horizon),
        log_probs(spec.horizon) {}
};

}  // namespace anole
