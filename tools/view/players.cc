#include "tools/view/players.h"

#include <algorithm>
#include <utility>

namespace anole::view {
namespace {

constexpr double kKick = 2, kKickAside = 1;  // [m/s]
constexpr int kRow = 18, kTitleRows = 3;     // of the usual font: [pixels], and the title in rows
constexpr int kSmallFont = 50;               // [%]

}  // namespace

void Players::Begin(const LivePolicy& policy) {
  const auto player = [&](ControlPolicy<float> acting, ControlLoop::Trials trial) {
    auto made = std::make_unique<Player>(family_, renderer_.model(), policy.request().task,
                                         std::move(acting), std::move(trial));
    made->Begin(policy.address());
    return made;
  };
  before_ = player(policy.Before(), policy.Remembered(0));
  after_ =
      policy.updates() > 0 ? player(policy.Now(), policy.Remembered(policy.updates())) : nullptr;
  before_title_ = policy.UpdatesText(0);
  after_title_ = "after " + policy.UpdatesText(policy.updates());
  PutLoad();
}

void Players::Step(bool with_noise) {
  Each([&](Player& player) { player.Step(with_noise); });
}

std::string Players::WhyUnmoved(bool freely) const {
  if (!before_->has_physics()) return "no physics here: nothing to push";
  return freely && before_->base() == 0 ? "no body moves freely here" : "";
}

void Players::Push() {
  Each([](Player& player) { player.Kick(kKick); });
}
void Players::PushAside() {
  Each([](Player& player) { player.KickAside(kKickAside); });
}

void Players::Load(bool more) {
  loads_ = std::max(loads_ + (more ? 1 : -1), 0);
  PutLoad();
}

void Players::PutLoad() const {
  const double mass = 0.1 * loads_ * mj_getTotalmass(&family_.model());
  Each([&](Player& player) { player.Load(mass); });
}

Players::Spot Players::At(double x, double y) const {
  const bool right = after_ != nullptr && x >= half();
  const int width = right ? width_ - half() : half();
  return {.player = right ? after_.get() : before_.get(),
          .aspect = static_cast<double>(width) / height_,
          .x = (x - (right ? half() : 0)) / width,
          .y = 1 - y / height_};
}

Player* Players::held() const {
  Player* held = nullptr;
  Each([&](Player& player) {
    if (player.hand().holds()) held = &player;
  });
  return held;
}

void Players::Mark(VectorIn task) {
  Each([&](Player& player) { player.Mark(renderer_.model(), task); });
}

render::Image Players::Draw(const std::vector<render::CaptionLine>& lines) const {
  render::SceneRenderer::View left = before_->See(after_ ? "before" : before_title_);
  left.caption.lines.insert(left.caption.lines.end(), lines.begin(), lines.end());
  const auto rows = static_cast<int>(left.caption.lines.size());
  const int font_scale = (rows + kTitleRows) * kRow > height_ ? kSmallFont : left.font_scale;
  left.font_scale = font_scale;
  render::Image image(width_, height_);
  image.Paste(renderer_.Draw(left, half(), height_), 0, 0);
  if (after_) {
    render::SceneRenderer::View right = after_->See(after_title_);
    right.font_scale = font_scale;  // another one takes a while to make
    image.Paste(renderer_.Draw(right, width_ - half(), height_), half(), 0);
  }
  return image;
}

}  // namespace anole::view
