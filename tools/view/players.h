// What a window shows side by side: the policy before adaptation and, once it has adapted, after
// it; and what hands do to both.
#pragma once

#include <memory>
#include <string>

#include "tools/render/image.h"
#include "tools/view/live_policy.h"
#include "tools/view/player.h"

namespace anole::view {

class Players {
 public:
  // Both outlive it. width, height: of the window [pixels].
  Players(const TaskFamily& family, render::SceneRenderer& renderer, int width, int height)
      : family_(family), renderer_(renderer), width_(width), height_(height) {}

  void Begin(const LivePolicy& policy);  // both from the same start
  void Step(bool with_noise);

  // Why a hand can do nothing; "" where it can. freely: it needs a body that moves freely.
  std::string WhyUnmoved(bool freely) const;
  // These only where it can.
  void Push();
  void PushAside();
  void Load(bool more);

  // Where in the window the mouse is: in which half, and where there, in shares from its lower left
  // corner.
  struct Spot {
    Player* player;
    double aspect, x, y;
  };
  Spot At(double x, double y) const;  // [pixels] from the window's top left corner
  double height() const { return height_; }
  Player* held() const;      // whose body the mouse holds now; null: none
  void Mark(VectorIn task);  // shows this goal instead of that of the episodes

  // lines: below the numbers of the episode. In the renderer's thread.
  render::Image Draw(const std::vector<render::CaptionLine>& lines) const;

 private:
  template <class Do>
  void Each(const Do& action) const {
    action(*before_);
    if (after_) action(*after_);
  }
  int half() const { return after_ ? width_ / 2 : width_; }
  void PutLoad() const;

  const TaskFamily& family_;
  render::SceneRenderer& renderer_;
  int width_, height_;
  std::unique_ptr<Player> before_, after_;
  std::string before_title_, after_title_;
  int loads_ = 0;  // tenths of the whole mass
};

}  // namespace anole::view
