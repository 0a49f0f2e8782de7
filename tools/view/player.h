// An episode that is played while somebody watches, without an end that was agreed on beforehand.
#pragma once

#include <cstdint>
#include <string>

#include "agents/control/control_loop.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/stage_view.h"
#include "tools/render/task_marks.h"

namespace anole::view {

class Player {
 public:
  // family outlives it. pictured: its body with all that is to be seen.
  Player(const TaskFamily& family, const mjModel& pictured, VectorIn task,
         ControlPolicy<float> policy);

  void Begin(const Address& address);
  void Step(bool with_noise);  // one control step, or the next episode where the last one is over
  void Kick(double speed);  // along the first degree of freedom that can move away [m/s or rad/s]
  void SetPolicy(ControlPolicy<float> policy) { policy_ = std::move(policy); }

  double time() const { return time_; }  // of the episode [s]
  render::SceneRenderer::View See(const std::string& title) const;

 private:
  const TaskFamily& family_;
  const Vector task_;
  ControlPolicy<float> policy_;
  Worker worker_;
  render::StageView view_;
  render::TaskMarks marks_;
  Address address_;
  Vector observation_, action_;
  Rng noise_ = Address().Open(Purpose::kAction);
  double time_ = 0, return_ = 0;
  std::int64_t steps_ = 0;
  std::string end_;  // of the last episode
  bool over_ = false;
};

}  // namespace anole::view
