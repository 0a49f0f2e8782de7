// An episode that is played while somebody watches, without an end that was agreed on beforehand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agents/control/control_loop.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/stage_view.h"
#include "tools/render/task_marks.h"
#include "tools/view/hand.h"

namespace anole::view {

class Player {
 public:
  // family outlives it. pictured: its body with all that is to be seen. trial: what the policy
  // remembers as an episode begins, as ControlLoop::MakeTrials has it for one.
  Player(const TaskFamily& family, const mjModel& pictured, VectorIn task,
         ControlPolicy<float> policy, ControlLoop::Trials trial);

  void Begin(const Address& address);
  void Step(bool with_noise);  // one control step, or the next episode where the last one is over

  // What hands do to the simulation that is shown, and to it alone.
  Hand& hand() { return hand_; }
  void Kick(double speed);  // along the first degree of freedom that can move away [m/s or rad/s]
  // Only where base() is a body. Kick aside: to its left [m/s]. Load: at its mass centre [kg],
  // instead of the one before; it stays in the episodes to come.
  void KickAside(double speed);
  void Load(double mass);
  int base() const { return base_; }  // the first body that moves freely; 0: none does
  bool has_physics() const { return !family_.spec().simulated.empty(); }

  // Shows another goal than that of the episode.
  void Mark(const mjModel& pictured, VectorIn task) { marks_.emplace(family_, pictured, task); }

  // Of what is shown, until the next Step or Begin.
  render::SceneRenderer::View See(const std::string& title) const;

 private:
  const TaskFamily& family_;
  const Vector task_;
  ControlPolicy<float> policy_;
  ControlLoop::Trials trial_;
  Worker worker_;
  render::StageView view_;
  std::optional<render::TaskMarks> marks_;  // always there
  Address address_;
  Vector observation_, action_;
  Rng noise_ = Address().Open(Purpose::kAction);
  double time_ = 0, return_ = 0;
  std::int64_t steps_ = 0;
  Hand hand_;
  int base_;
  double load_ = 0, loaded_ = 0;  // [kg]: what is asked for, and what the episode's model has
  bool over_ = false;
};

}  // namespace anole::view
