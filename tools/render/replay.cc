#include "tools/render/replay.h"

#include <stdexcept>

namespace anole::render {

Replay::Replay(const TaskFamily& family, VectorIn task, const Address& address,
               const Episode& episode)
    : episode_(episode), stage_(family) {
  stage_.Reset(task, address);
  view_.Begin();
}

double Replay::time() const {
  return static_cast<double>(steps_) * stage_.family().spec().control_dt;
}

double Replay::return_so_far() const { return done() ? episode_.undiscounted_return : return_; }

void Replay::Step() {
  // As Rollout does, with the actions of the record in place of the policy's.
  const Vector& observation = stage_.Observe();
  Check(observation == episode_.observations.col(steps_).head(observation.size()));
  const Outcome outcome = stage_.Step(episode_.actions.col(steps_));
  Check(outcome.reward == episode_.rewards[steps_] &&
        stage_.reward_terms() == episode_.reward_terms.col(steps_));
  return_ += outcome.reward;
  ++steps_;
  view_.Follow();
}

void Replay::Check(bool same) const {
  if (same) return;
  throw std::runtime_error("control step " + std::to_string(steps_) +
                           " of the replay is not that of the scored episode; this is a bug");
}

}  // namespace anole::render
