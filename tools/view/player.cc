#include "tools/view/player.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <utility>

#include "envs/robot/free_body.h"

namespace anole::view {

Player::Player(const TaskFamily& family, const mjModel& pictured, VectorIn task,
               ControlPolicy<float> policy, ControlLoop::Trials trial)
    : family_(family),
      task_(task),
      policy_(std::move(policy)),
      trial_(std::move(trial)),
      worker_(family, policy_),
      view_(worker_.stage),
      marks_(std::in_place, family, pictured, task),
      observation_(policy_.observation_dim()),
      action_(family.spec().action_dim),
      base_(has_physics() ? FirstFreeBody(family.model()) : 0) {}

void Player::Begin(const Address& address) {
  address_ = address;
  noise_ = address.Open(Purpose::kAction);
  worker_.stage.Reset(task_, address);
  loaded_ = 0;
  Load(load_);
  if (trial_.empty()) {
    policy_.BeginEpisode(worker_.policy_memory);
  } else {
    worker_.policy_memory = trial_.front();
  }
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
  worker_.stage.Observe(observation_.head(family_.spec().observation_dim));
  policy_.Recall(worker_.policy_memory, observation_);
  policy_.Mean(observation_, worker_.policy_memory, action_);
  if (with_noise) {
    for (Eigen::Index i = 0; i < action_.size(); ++i) {
      action_[i] += policy_.standard_deviation()[i] * noise_.Normal();
    }
  }
  hand_.Act(worker_.stage.model(), worker_.stage.data());
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
  policy_.Remember(worker_.policy_memory, action_, outcome.reward, over_);
}

void Player::Kick(double speed) {
  if (worker_.stage.model().nv == 0) return;
  worker_.stage.data().qvel[0] += speed;
  mj_forward(&worker_.stage.model(), &worker_.stage.data());
}

void Player::KickAside(double speed) {
  mjData& data = worker_.stage.data();
  // The body's own y axis, over the ground; lying on its side it goes along the world's.
  Eigen::Vector3d left(data.xmat[9 * base_ + 1], data.xmat[9 * base_ + 4], 0);
  if (left.norm() < 0.1) left = Eigen::Vector3d::UnitY();
  const mjModel& model = worker_.stage.model();
  const int velocity = model.jnt_dofadr[FreeJointOf(model, base_)];
  Eigen::Map<Eigen::Vector3d>(data.qvel + velocity) += speed * left.normalized();
  mj_forward(&model, &data);
}

void Player::Load(double mass) {
  load_ = mass;
  if (base_ == 0 || load_ == loaded_) return;
  worker_.stage.ChangeModel([&](mjModel& model) { model.body_mass[base_] += load_ - loaded_; });
  loaded_ = load_;
}

render::SceneRenderer::View Player::See(const std::string& title) const {
  render::SceneRenderer::View view;
  view.state = &view_.shown();
  view.perturb = &hand_.perturb();
  view.marks = marks_->Geoms(view_);
  view.caption.title = title;
  view.caption.lines = marks_->Goal();
  for (render::CaptionLine& line : marks_->Achieved(view_)) {
    view.caption.lines.push_back(std::move(line));
  }
  view.caption.lines.push_back({"time", fmt::format("{:.2f} s", time_), {}});
  view.caption.lines.push_back({"return", fmt::format("{:.1f}", return_), {}});
  if (loaded_ > 0) view.caption.lines.push_back({"load", fmt::format("{:.3g} kg", loaded_), {}});
  if (hand_.body() > 0) {
    const std::string body = NameOf(worker_.stage.model(), mjOBJ_BODY, hand_.body());
    view.caption.lines.push_back({"in hand", body, {}});
  }
  return view;
}

}  // namespace anole::view
