#include "tools/view/player.h"

#include <fmt/format.h>

#include <utility>

namespace anole::view {

Player::Player(const TaskFamily& family, const mjModel& pictured, VectorIn task,
               ControlPolicy<float> policy)
    : family_(family),
      task_(task),
      policy_(std::move(policy)),
      worker_(family, policy_),
      view_(worker_.stage),
      marks_(family, pictured, task),
      observation_(family.spec().observation_dim),
      action_(family.spec().action_dim) {}

void Player::Begin(const Address& address) {
  address_ = address;
  noise_ = address.Open(Purpose::kAction);
  worker_.stage.Reset(task_, address);
  policy_.BeginEpisode(worker_.policy_memory);
  view_.Begin();
  time_ = return_ = 0;
  steps_ = 0;
  over_ = false;
}

void Player::Step(bool with_noise) {
  if (over_) {
    Address next = address_;
    ++next.rollout;
    return Begin(next);
  }
  worker_.stage.Observe(observation_);
  policy_.Mean(observation_, worker_.policy_memory, action_);
  if (with_noise) {
    for (Eigen::Index i = 0; i < action_.size(); ++i) {
      action_[i] += policy_.standard_deviation()[i] * noise_.Normal();
    }
  }
  const Outcome outcome = worker_.stage.Step(action_);
  ++steps_;
  time_ += family_.spec().control_dt;
  if (outcome.diverged) {
    over_ = true;  // what it shows is the step before
    return;
  }
  view_.Follow();
  return_ += outcome.reward;
  over_ = outcome.terminated || steps_ >= family_.spec().horizon;
}

void Player::Kick(double speed) {
  if (worker_.stage.model().nv == 0) return;
  worker_.stage.data().qvel[0] += speed;
  mj_forward(&worker_.stage.model(), &worker_.stage.data());
}

render::SceneRenderer::View Player::See(const std::string& title) const {
  render::SceneRenderer::View view;
  view.state = &view_.shown();
  view.marks = marks_.Geoms(view_);
  view.caption.title = title;
  view.caption.lines = marks_.Goal();
  for (render::CaptionLine& line : marks_.Achieved(view_)) {
    view.caption.lines.push_back(std::move(line));
  }
  view.caption.lines.push_back({"time", fmt::format("{:.2f} s", time_), {}});
  view.caption.lines.push_back({"return", fmt::format("{:.1f}", return_), {}});
  return view;
}

}  // namespace anole::view
