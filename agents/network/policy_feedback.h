// What a policy with policy.feedback is told of its own past, after the task's observation: its
// last action, raw, the reward that it brought, and 1 where an episode ended with it, else 0; zeros
// before the first step (Duan et al. 2016, "RL^2", section 2.3).
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace anole {

constexpr std::int64_t FeedbackDim(std::int64_t action_dim) { return action_dim + 2; }

// After a step. action: (action_dim); feedback: (FeedbackDim(action_dim)), numbers of the same
// type.
template <class Action>
void WriteFeedback(const Eigen::MatrixBase<Action>& action, typename Action::Scalar reward,
                   bool ended,
                   Eigen::Ref<Eigen::Matrix<typename Action::Scalar, Eigen::Dynamic, 1>> feedback) {
  feedback.head(action.size()) = action;
  feedback[action.size()] = reward;
  feedback[action.size() + 1] = ended ? 1 : 0;
}

}  // namespace anole
